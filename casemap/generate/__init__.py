"""JSON Schemas to pydantic models that take exactly what the schemas take. See `casemap generate --help`.

`drafts` brings schemas to draft 2020-12 and `references` resolves what they refer to. `shapes` (with `objects`,
`choices`, `merging`) turns them into what datamodel-code-generator translates exactly, and `rules` keeps the rest for
jsonschema-rs. `modules`, `names` and `attributes` plan modules, classes and attributes, `source` runs the generator,
`layout` and `imports` make its output what formatters leave alone, `files` makes files of it. `support` is copied
beside the models.

Nothing here is imported by another command.
"""
