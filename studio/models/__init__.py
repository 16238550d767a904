"""What is true: rows, constraints, one-row methods, named querysets."""

from studio.models.assets import Asset, AssetKind, AssetState, Decision, JobInput, Rendition
from studio.models.caps import Cap
from studio.models.facets import AssetFacet, Facet, FacetCount
from studio.models.jobs import (
    LOCAL,
    TERMINAL,
    UNSENT,
    Attempt,
    AttemptState,
    Draft,
    Job,
    JobState,
    Result,
    ResultState,
)
from studio.models.ledger import Account, Budget, Entry
from studio.models.people import Invitation, Membership, SignInLink, User, Visibility, Workspace
from studio.models.providers import Checkpoint, Host, Lease, ProviderAccount, Turn
from studio.models.requests import RequestState, UnitsRequest
from studio.models.roles import May, Role
from studio.models.styles import CustomStyle, FavoriteStyle

__all__ = [
    "LOCAL",
    "TERMINAL",
    "UNSENT",
    "Account",
    "Asset",
    "AssetFacet",
    "AssetKind",
    "AssetState",
    "Attempt",
    "AttemptState",
    "Budget",
    "Cap",
    "Checkpoint",
    "CustomStyle",
    "Decision",
    "Draft",
    "Entry",
    "Facet",
    "FacetCount",
    "FavoriteStyle",
    "Host",
    "Invitation",
    "Job",
    "JobInput",
    "JobState",
    "Lease",
    "May",
    "Membership",
    "ProviderAccount",
    "Rendition",
    "RequestState",
    "Result",
    "ResultState",
    "Role",
    "SignInLink",
    "Turn",
    "UnitsRequest",
    "User",
    "Visibility",
    "Workspace",
]
