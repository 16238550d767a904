"""How a picture came about, in IPTC's words: drawn by a model, changed by one, or neither."""

from studio.models import LOCAL, Asset, AssetKind, JobInput
from studio.pictures import xmp

FARTHEST = 60  # steps back


def source_type(asset: Asset) -> str:
    """The IPTC digital source type of a copy; "" for somebody's own picture that no model has touched."""
    touched, here = False, asset
    for _ in range(FARTHEST):
        if here.kind == AssetKind.UPLOAD or here.job is None:
            return xmp.COMPOSITE if touched else ""
        touched = touched or here.job.operation != LOCAL
        inputs = JobInput.objects.filter(job=here.job, param="image").select_related("asset__job")
        source = inputs.order_by("position").first()
        if source is None:
            break
        here = source.asset
    return xmp.TRAINED if touched else ""
