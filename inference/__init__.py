"""Tags to records: tagger, rules, fusion, linking, tables, metrics, output, batch, serving."""
