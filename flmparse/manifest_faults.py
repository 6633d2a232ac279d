"""What is wrong with a manifest, in plain words: what pydantic refuses, by line and key."""

import re
from typing import get_args

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from flmparse.errors import did_you_mean
from flmparse.toml import KeyPath, toml_value

_NEEDED = {
    "string_type": "text in quotes",
    "is_instance_of": "text in quotes",
    "int_type": "a whole number",
    "tuple_type": "a list",
    "dict_type": "a table of keys",
    "mapping_type": "a table of keys",
    "datetime_type": "a date and time such as 2011-01-04T12:36:37Z",
}
"""What pydantic asks for, by the type of its error; keys whose value is something else are told in these words."""


def fault(error: ErrorDetails, manifest: type[BaseModel]) -> tuple[KeyPath, str]:
    """Return what pydantic refuses of a manifest: where it is, and its key with what is wrong in plain words."""
    kind, context = error["type"], error.get("ctx", {})
    value = repr(error["input"]) if isinstance(error["input"], str) else toml_value(error["input"])
    path: KeyPath = context.get("at", error["loc"])
    keys = [str(part) for part in path if isinstance(part, str)]
    if kind == "extra_forbidden":
        known = [field.alias or key for key, field in _model_of(keys[:-1], manifest).model_fields.items()]
        message = f"no such {'key' if keys[1:] else 'section'}{did_you_mean(keys[-1], known)}"
    elif kind == "missing":
        message = f"missing; every [[{keys[0]}]] needs it"
    elif kind in ("string_too_short", "too_short"):
        message = "must not be empty"
    elif kind == "literal_error":
        words = re.findall("'(.+?)'", context["expected"])
        message = f"must be {context['expected']}, not {value}{did_you_mean(value, words)}"
    elif len(keys) == 1 and not kind.startswith(("repeated", "count", "one_of")):
        message = f"must be written as a section {'[[{}]]' if keys[0] in _REPEATED else '[{}]'}".format(keys[0])
    elif kind in _NEEDED:
        message = f"must be {_NEEDED[kind]}, not {value}"
    else:
        message = str(context["error"]) if kind == "value_error" else error["msg"]
    return path, f"{'.'.join(keys)}: {message}"


_REPEATED = ("node", "capture", "exclude", "clock", "waiver")


def _model_of(keys: list[str], manifest: type[BaseModel]) -> type[BaseModel]:
    """Return the model of a section, of the whole manifest without one."""
    if not keys:
        return manifest
    sections = {field.alias or key: field for key, field in manifest.model_fields.items()}
    annotation = sections[keys[0]].annotation
    return next(
        model
        for model in (annotation, *get_args(annotation))
        if isinstance(model, type) and issubclass(model, BaseModel)
    )
