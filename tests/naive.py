"""What a gate would read that decides first and holds afterwards: the reference that the real one is measured by."""

from django.db.models import Q

from studio.models import Account, Budget, Job
from studio.models.ledger import BudgetQuerySet


def applying_to(job: Job) -> BudgetQuerySet:
    """Every budget that a job draws on, in all periods; not locked."""
    mine = Q(account__kind=Account.Kind.PROVIDER)
    mine |= Q(account__kind=Account.Kind.WORKSPACE, account__workspace=job.workspace)
    mine |= Q(account__kind=Account.Kind.PERSON, account__workspace=job.workspace, account__person=job.person)
    found = Budget.objects.filter(mine, account__provider_account=job.provider_account)
    return found.select_related("account").order_by("id")
