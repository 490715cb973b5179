"""JSON Schemas to pydantic models that take exactly what the schemas take. See `casemap generate --help`.

`references` resolves what schemas refer to, `shapes` (with `objects`, `choices`, `merging`) turns them into what
datamodel-code-generator translates exactly, and `rules` keeps the rest for jsonschema-rs; `modules` and `names` plan
classes, `source` runs the generator, `files` makes files of its output. `support` is copied beside the models.

Nothing here is imported by another command.
"""
