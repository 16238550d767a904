"""What is true: rows, constraints, one-row methods, named querysets."""

from studio.models.acting import Action, ActionState, AssetEvent, Favorite
from studio.models.alerts import Alert, AlertKind, AlertSettings, Delivery, DeliveryState, Webhook
from studio.models.assets import Asset, AssetKind, AssetState, Decision, JobInput, Rendition
from studio.models.boards import Board, BoardItem, Vote, Voter
from studio.models.caps import Cap
from studio.models.collections import Collection, CollectionItem, CollectionMember
from studio.models.comments import Comment
from studio.models.exports import Export, ExportItem, ExportState, ItemState
from studio.models.facets import AssetFacet, AssetText, Facet, FacetBlock, FacetCount, SavedSearch
from studio.models.imports import Import, ImportState
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
from studio.models.ledger import Account, Budget, Entry, Tally
from studio.models.notices import FOR_STEWARDS, USUAL_WAYS, Notice, NoticeKind, NoticePreference, NoticeWay
from studio.models.people import Invitation, Membership, SignInLink, User, Visibility, Workspace
from studio.models.prices import Price
from studio.models.providers import Checkpoint, Host, Lease, ProviderAccount, Turn
from studio.models.requests import RequestState, UnitsRequest
from studio.models.roles import MAKERS, STEWARDS, May, Role
from studio.models.shares import Share, ShareItem, Size
from studio.models.styles import CustomStyle, FavoriteStyle

__all__ = [
    "FOR_STEWARDS",
    "LOCAL",
    "MAKERS",
    "STEWARDS",
    "TERMINAL",
    "UNSENT",
    "USUAL_WAYS",
    "Account",
    "Action",
    "ActionState",
    "Alert",
    "AlertKind",
    "AlertSettings",
    "Asset",
    "AssetEvent",
    "AssetFacet",
    "AssetKind",
    "AssetState",
    "AssetText",
    "Attempt",
    "AttemptState",
    "Board",
    "BoardItem",
    "Budget",
    "Cap",
    "Checkpoint",
    "Collection",
    "CollectionItem",
    "CollectionMember",
    "Comment",
    "CustomStyle",
    "Decision",
    "Delivery",
    "DeliveryState",
    "Draft",
    "Entry",
    "Export",
    "ExportItem",
    "ExportState",
    "Facet",
    "FacetBlock",
    "FacetCount",
    "Favorite",
    "FavoriteStyle",
    "Host",
    "Import",
    "ImportState",
    "Invitation",
    "ItemState",
    "Job",
    "JobInput",
    "JobState",
    "Lease",
    "May",
    "Membership",
    "Notice",
    "NoticeKind",
    "NoticePreference",
    "NoticeWay",
    "Price",
    "ProviderAccount",
    "Rendition",
    "RequestState",
    "Result",
    "ResultState",
    "Role",
    "SavedSearch",
    "Share",
    "ShareItem",
    "SignInLink",
    "Size",
    "Tally",
    "Turn",
    "UnitsRequest",
    "User",
    "Visibility",
    "Vote",
    "Voter",
    "Webhook",
    "Workspace",
]
