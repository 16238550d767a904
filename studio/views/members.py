"""Who belongs to the workspace, and the links that let somebody in."""

from typing import Any

from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from studio.errors import LinkSpent, StudioError
from studio.forms.people import InvitationForm, NewPersonForm, RoleForm, UnitsForm, roles_given_by
from studio.models import Budget, Invitation, Membership
from studio.services import accounts, invitations, members, visibility
from studio.views.doors import StudioRequest, steward, work_in
from studio.views.limits import address, too_often
from studio.views.people import BACKEND, TOO_OFTEN

INVITATIONS = (50, 86_400)
ENOUGH = "Fifty invitations a day are enough. Try again tomorrow."


@require_GET
@steward
def page(request: StudioRequest) -> HttpResponse:
    """Members, their roles, and open invitations."""
    return render(request, "members/page.html", _people(request))


@require_POST
@steward
def invite(request: StudioRequest) -> HttpResponse:
    """Make a link. It is shown here once: only its hash is kept."""
    if too_often(f"invite:{request.user.pk}", *INVITATIONS):
        return _back(request, problem=ENOUGH, status=429)
    form = InvitationForm(request.POST, by=request.membership)
    if not form.is_valid():
        return _back(request, form=form, status=422)
    role, note, email = (form.cleaned_data[name] for name in ("role", "note", "email"))
    try:
        if email:
            invitations.invite_by_mail(request.membership, email, role)
            return _back(request, said=f"An invitation is on its way to {email}.")
        token = members.invite(request.membership, role, note)
    except StudioError as error:
        return _back(request, problem=error.message, status=422)
    link = request.build_absolute_uri(reverse("members:join", args=[token]))
    return _back(request, link=link)


@require_POST
@steward
def resend(request: StudioRequest, pk: int) -> HttpResponse:
    """Send an invitation again, with a new link."""
    if too_often(f"invite:{request.user.pk}", *INVITATIONS):
        return _back(request, problem=ENOUGH, status=429)
    invitation = get_object_or_404(Invitation, pk=pk, workspace=request.membership.workspace)
    try:
        invitations.resend(request.membership, invitation)
    except StudioError as error:
        return _back(request, problem=error.message, status=422)
    return _back(request, said=f"A new invitation is on its way to {invitation.email}.")


@require_POST
@steward
def withdraw(request: StudioRequest, pk: int) -> HttpResponse:
    """Make an unused link useless."""
    invitation = get_object_or_404(Invitation, pk=pk, workspace=request.membership.workspace)
    members.withdraw(request.membership, invitation)
    return _back(request)


@require_POST
@steward
def role(request: StudioRequest, pk: int) -> HttpResponse:
    """Give a member another role."""
    member = get_object_or_404(Membership, pk=pk, workspace=request.membership.workspace)
    form = RoleForm(request.POST)
    if not form.is_valid():
        return _back(request, problem="There is no such role.", status=422)
    try:
        members.change_role(request.membership, member, form.cleaned_data["role"])
    except StudioError as error:
        return _back(request, problem=error.message, status=422)
    return _back(request)


@require_POST
@steward
def units(request: StudioRequest, pk: int) -> HttpResponse:
    """Raise or lower what a member, or the workspace as a whole, may spend."""
    mine = Budget.objects.of_workspace(accounts.current(), request.membership.workspace)
    budget = get_object_or_404(mine, pk=pk)
    form = UnitsForm(request.POST)
    if not form.is_valid():
        return _back(request, problem="Give a whole number of units, such as 5000 or -500.", status=422)
    try:
        members.give_units(request.membership, budget, form.cleaned_data["units"])
    except StudioError as error:
        return _back(request, problem=error.message, status=422)
    return _back(request)


@require_POST
@steward
def remove(request: StudioRequest, pk: int) -> HttpResponse:
    """End a membership."""
    member = get_object_or_404(Membership, pk=pk, workspace=request.membership.workspace)
    try:
        members.remove(request.membership, member)
    except StudioError as error:
        return _back(request, problem=error.message, status=422)
    return _back(request)


@require_POST
@steward
def take_over(request: StudioRequest, pk: int) -> HttpResponse:
    """Share what somebody who has left kept to themselves."""
    person = next((each for each in visibility.left_behind(request.membership.workspace) if each.pk == pk), None)
    if person is None:
        raise Http404
    try:
        count = visibility.take_over(request.membership, person)
    except StudioError as error:
        return _back(request, problem=error.message, status=422)
    shared = f"{count:,} {'picture' if count == 1 else 'pictures'}"
    return _back(request, said=f"What {person} kept private is shared with the workspace now: {shared}.")


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """An invitation. Looking at it changes nothing; the button uses it up."""
    if too_often(f"link:{address(request)}", 60, 3600):
        return render(request, "people/link_spent.html", {"message": TOO_OFTEN}, status=429)
    invitation = members.find_invitation(token)
    if invitation is None:
        return render(request, "people/link_spent.html", {"message": members.SPENT}, status=410)
    try:
        return _join(request, token, invitation)
    except LinkSpent as error:
        return render(request, "people/link_spent.html", {"message": error.message}, status=410)
    except StudioError as error:
        return render(request, "people/link_spent.html", {"message": error.message}, status=422)


def _join(request: HttpRequest, token: str, invitation: Invitation) -> HttpResponse:
    if request.user.is_authenticated:
        if request.method != "POST":
            return render(request, "members/join.html", {"invitation": invitation, "token": token})
        joined = members.accept(token, request.user)
        work_in(request, joined.workspace)
        return _first_page(joined)
    form = NewPersonForm(request.POST if request.method == "POST" else None, initial={"email": invitation.email})
    if form.is_bound and form.is_valid():
        person = members.accept_as_new(token, **form.cleaned_data)
        login(request, person, backend=BACKEND)
        return _first_page(person.memberships.get())
    context = {"invitation": invitation, "token": token, "form": form}
    return render(request, "members/join.html", context, status=422 if form.is_bound else 200)


def _first_page(joined: Membership) -> HttpResponse:
    """Where somebody new begins: who draws before an empty prompt, who looks before the pictures."""
    return redirect("create:home" if joined.may_make else "assets:gallery")


def _back(request: StudioRequest, status: int = 200, **context: Any) -> HttpResponse:
    """The page again, with what happened; without a script, a success that shows nothing is a redirect."""
    if not request.htmx and not {"form", "link", "problem"} & set(context):
        return redirect("members:page")
    template = "members/_people.html" if request.htmx else "members/page.html"
    return render(request, template, {**_people(request), **context}, status=status)


def _people(request: StudioRequest) -> dict[str, Any]:
    workspace = request.membership.workspace
    budgets = list(Budget.objects.of_workspace(accounts.current(), workspace))
    by_person = {budget.account.person_id: budget for budget in budgets}
    memberships = workspace.memberships.select_related("person").order_by("id")
    open_ones = Invitation.objects.usable().filter(workspace=workspace)
    return {
        "usable": set(open_ones.values_list("pk", flat=True)),
        "people": [{"member": member, "budget": by_person.get(member.person_id)} for member in memberships],
        "shared": by_person.get(None),
        "invitations": Invitation.objects.unused().filter(workspace=workspace).select_related("created_by"),
        "gone": visibility.left_behind(workspace),
        "form": InvitationForm(by=request.membership),
        "roles": roles_given_by(request.membership),
    }
