"""Who may do what is said once, and who sees what is decided once: nobody else looks at a role or at a visibility."""

import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from studio.models import Role
from studio.models.roles import ROLES, WORDS, May, allows
from tests.test_architecture import ROOT, TEMPLATES, TREES, room

# What belongs to somebody, and the questions that answer to whom it is open.
PRIVATE = {"Asset", "Job", "JobInput", "CustomStyle", "Draft"}
SCOPES = {"visible_to", "editable_by", "own_of", "shared_in", "seen_in", "trashed_for", "prompts_of"}
SCOPES |= {"known_to", "kept_for"}  # also what is in the trash
# A person stands behind these; the other services are the workers' side, which sees everything.
NOUNS = ("jobs", "uploads", "finishing", "candidates", "inputs", "styles", "colors")
FOR_PEOPLE = {f"services.{noun}" for noun in NOUNS}
# New rows; moves of a row at hand; and what says nothing about whose it is.
FREE = {"create", "bulk_create", "update_or_create", "cancel", "move", "waiting_at"}
ALLOWED = {
    ("services.inputs", "CustomStyle.filter"): "to refuse an id that is somebody else's",
}


def queries(name: str) -> Iterator[tuple[str, str, ast.Call]]:
    """Every query of a module that begins at a model: the model, its first step, and the call."""
    for node in ast.walk(TREES[name]):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            model, _, manager = ast.unparse(node.func.value).partition(".")
            if model in PRIVATE and manager == "objects":
                yield model, node.func.attr, node


def _is_of_a_row_at_hand(call: ast.Call) -> bool:
    """Whether it names a row that was looked up before, or whoever asks."""
    return bool({keyword.arg for keyword in call.keywords} & {"pk", "person", "job"})


def _keys_of_scopes(call: ast.Call, step: str) -> bool:
    return step == "for_cards"  # of keys that came out of a scope: the next line says which


ASKERS = [name for name in TREES if room(name) in {"views", "forms", "templatetags"} or name in FOR_PEOPLE]
DECIDERS = [name for name in TREES if room(name).partition(".")[0] in {"views", "forms", "services"}]


def test_there_are_queries_to_look_at() -> None:
    assert sum(1 for name in ASKERS for _ in queries(name)) > 40


@pytest.mark.parametrize("name", ASKERS)
def test_what_people_ask_for_begins_with_a_scope(name: str) -> None:
    for model, step, call in queries(name):
        fine = step in SCOPES | FREE or _keys_of_scopes(call, step) or (name, f"{model}.{step}") in ALLOWED
        fine = fine or (name in FOR_PEOPLE and _is_of_a_row_at_hand(call))
        assert fine, f"{name}:{call.lineno} asks {model} by {step}: begin with one of {sorted(SCOPES)}"


@pytest.mark.parametrize("name", DECIDERS)
def test_who_belongs_where_is_looked_up_in_the_models(name: str) -> None:
    for node in ast.walk(TREES[name]):
        if isinstance(node, ast.Attribute) and node.attr == "workspaces":
            assert not ast.unparse(node).endswith(("person.workspaces", "user.workspaces")), f"{name}:{node.lineno}"
        if isinstance(node, ast.keyword) and node.arg == "workspace__in":
            assert "person" not in ast.unparse(node.value), f"{name}: {ast.unparse(node)}"


@pytest.mark.parametrize("name", DECIDERS)
def test_nobody_compares_roles(name: str) -> None:
    # Whether a workspace keeps an owner is a question about owners, not about what they may.
    if name == "services.members":
        return
    for node in ast.walk(TREES[name]):
        if isinstance(node, ast.Compare):
            sides = [ast.unparse(each) for each in (node.left, *node.comparators)]
            assert not any(side.endswith(".role") for side in sides), f"{name}:{node.lineno} compares a role: ask `may`"


def test_no_template_compares_roles() -> None:
    for path in TEMPLATES.rglob("*.html"):
        assert not re.search(r"membership\.role\s*(==|!=|in)", path.read_text()), path


def test_a_role_may_what_the_one_below_it_may() -> None:
    ladder = [Role.VIEWER, Role.REVIEWER, Role.EDITOR, Role.ADMIN, Role.OWNER]
    may = [{each for each in May if allows(role, each)} for role in ladder]
    assert all(lower < upper for lower, upper in pairwise(may))
    assert not any(allows(None, each) for each in May)
    assert set(ROLES) == set(WORDS) == set(May)


def test_the_readme_says_what_each_role_may() -> None:
    told = Path(ROOT / "README.md").read_text().split("<!-- roles: begin -->\n")[1].split("<!-- roles: end -->")[0]
    assert told == table()


def table() -> str:
    """What each role may, as the README shows it."""
    head = "| | " + " | ".join(role.label for role in Role) + " |\n|---|" + "---|" * len(Role) + "\n"
    marks = {may: " | ".join("yes" if role in ROLES[may] else "" for role in Role) for may in May}
    rows = (f"| {WORDS[may]} | {marks[may]} |" for may in May)
    return head + "\n".join(rows) + "\n"
