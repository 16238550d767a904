"""What is true: rows, constraints, one-row methods, named querysets."""

from studio.models.assets import Asset, AssetKind, AssetState, Decision, JobInput, Rendition, Visibility
from studio.models.caps import Cap
from studio.models.collections import Collection, CollectionItem, CollectionMember
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
from studio.models.people import MAKERS, STEWARDS, Invitation, Membership, Role, SignInLink, User, Workspace
from studio.models.providers import Checkpoint, Host, Lease, ProviderAccount, Turn
from studio.models.requests import RequestState, UnitsRequest
from studio.models.shares import Share, ShareItem, Size
from studio.models.styles import CustomStyle, FavoriteStyle

__all__ = [
    "LOCAL",
    "MAKERS",
    "STEWARDS",
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
    "Collection",
    "CollectionItem",
    "CollectionMember",
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
    "Membership",
    "ProviderAccount",
    "Rendition",
    "RequestState",
    "Result",
    "ResultState",
    "Role",
    "Share",
    "ShareItem",
    "SignInLink",
    "Size",
    "Turn",
    "UnitsRequest",
    "User",
    "Visibility",
    "Workspace",
]
