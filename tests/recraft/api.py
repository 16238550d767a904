"""
The official description of the API, as far as it states facts: `api_description.json` beside this file.

Source: the OpenAPI documents of the API of 2026-05-27 and 2026-08-21, both taken together.
"""

import json
from pathlib import Path

from jsonschema import Draft202012Validator

DESCRIPTION = json.loads((Path(__file__).parent / "api_description.json").read_text())
ENDPOINTS = {each["endpoint"]: each for each in DESCRIPTION["operations"]}
MEDIA_TYPES = {"json": "application/json", "multipart": "multipart/form-data"}


def endpoint_of(operation):
    return ENDPOINTS[f"POST {operation.path}"]


def resolved(schema):
    name = schema.get("$ref", "").rpartition("/")[2]
    return resolved(DESCRIPTION["$defs"][name]) if name else schema


def leaves(schema, prefix=""):
    """The fields of a request with dots for nesting; a list of objects counts as its object."""
    for name, inner in resolved(schema).get("properties", {}).items():
        inside = resolved(inner)
        inside = resolved(inside["items"]) if inside.get("type") == "array" else inside
        nested = set(leaves(inside, f"{prefix}{name}."))
        yield from nested or {prefix + name}


def fields_of(operation):
    """Every field of every request form of the operation's endpoint, query included."""
    endpoint = endpoint_of(operation)
    found = set(endpoint.get("query", ()))
    for schema in endpoint["requests"].values():
        found |= set(leaves(schema))
    return found


def problems(schema, value):
    """What is wrong with a request or an answer; unknown names are wrong too."""
    validator = Draft202012Validator({**closed(schema), "$defs": closed(DESCRIPTION["$defs"])})
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]


def closed(schema):
    """The same schema, which takes no other properties than it names."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {name: closed(value) for name, value in schema.items()}
    return {**inner, "additionalProperties": False} if schema.get("type") == "object" else inner
