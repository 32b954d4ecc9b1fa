"""Reports in: readers, cleaning with offsets kept, sections, sentences, tables."""
