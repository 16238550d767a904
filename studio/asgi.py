"""The web process: pages, submits and event streams."""

import os
import warnings

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studio.settings")

# Files are read in a thread, a chunk at a time. Django would rather have them read asynchronously and says so for
# each, which nobody who runs a studio can do anything about.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")

application = get_asgi_application()
