"""Records in other shapes: columnar files, workbooks, databases, panels and a page to read."""
