"""What is tagged: the corpora, their markup, conversion, validation, agreement."""
