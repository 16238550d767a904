"""What this sandbox had to choose.

Recraft's documents leave some behavior open. Each such choice is one constant here with the reason beside it, so that a
change of mind is a change of one line; README.md lists them for people. Facts with a source stand where they are used.
"""

from typing import Final

# -- Errors ------------------------------------------------------------------------------------------------------------

# The code beside "prompt length should be in [1, 10000]" is known; we take it for every other bad value too.
BAD_VALUE_CODE: Final = "invalid_request_parameter"
# The text `Invalid style <name>` is reported without its code.
INVALID_STYLE_CODE: Final = "invalid_request_parameter"
# The code `invalid_model` is known, its words are not.
INVALID_MODEL_MESSAGE: Final = "Invalid model {model}"
INVALID_SUBSTYLE_MESSAGE: Final = "Invalid substyle {substyle}"
# The words beside `not_enough_credits` are not known.
NOT_ENOUGH_CREDITS_MESSAGE: Final = "Not enough credits"
BAD_JSON_MESSAGE: Final = "request body is not valid JSON"
BAD_FORM_MESSAGE: Final = "request body is not valid multipart/form-data"
NOT_AN_OBJECT_MESSAGE: Final = "request body should be an object"
TYPE_MESSAGE: Final = "{name} should be {kind}"
RANGE_MESSAGE: Final = "{name} should be in [{low}, {high}]"
ONE_OF_MESSAGE: Final = "{name} should be one of {allowed}"
BOTH_STYLES_MESSAGE: Final = "style and style_id are mutually exclusive"
# The real service may answer 404 here; a style that doesn't exist is a bad value like any other.
STYLE_NOT_FOUND_MESSAGE: Final = "style {style_id} not found"
SIZE_MESSAGE: Final = "size {size} is not supported by model {model}"
WEIGHTS_MESSAGE: Final = "sum of controls.colors weights should not exceed 1"
WORD_MESSAGE: Final = "text_layout[{index}].text should be one word of supported characters"
BBOX_MESSAGE: Final = "text_layout[{index}].bbox should be 4 points of 2 numbers"
# The style exists, but V4 models draw without styles.
STYLE_MODEL_MESSAGE: Final = "style {style_id} can't be used with model {model}"
MISSING_FILE_MESSAGE: Final = "missing {name}"
BAD_URL_MESSAGE: Final = "{name} should be a URL or a data URL of an image"
# The real service fetches any http(s) URL. This one has no network and takes its own result URLs only.
FOREIGN_URL_MESSAGE: Final = "{name} can't be fetched: the sandbox reads data URLs and its own result URLs"
GONE_URL_MESSAGE: Final = "{name} can't be fetched: the image has expired"
MOST_URL_LENGTH: Final = 2_000
# A picture that kills the process which looks at it is refused like one that can't be decoded.
DEADLY_IMAGE_MESSAGE: Final = "image can't be decoded"
# Texts beside a picture's limits stand in editing/intake.py, where the limits are.
REQUIRED_MESSAGE: Final = "{name} is required"
LENGTH_MESSAGE: Final = "{name} length should be in [{low}, {high}]"
OUTPAINT_BOTH_MESSAGE: Final = "size and expand_* are mutually exclusive"
OUTPAINT_NONE_MESSAGE: Final = "one of size, expand_* or zoom_out_percentage is required"
OUTPAINT_LIMIT_MESSAGE: Final = "result dimensions should be at most {most} px"
COUNTS_MESSAGE: Final = "{name} should have as many entries as there are {others}"
MOST_FILES_MESSAGE: Final = "the number of images should be at most {most}"
TOTAL_BYTES_MESSAGE: Final = "total size of images should be at most {most} MB"
NO_REFERENCES_MESSAGE: Final = "images or source_styles are required"
NO_SOURCE_MESSAGE: Final = "source image {image_id} not found"
HEX_MESSAGE: Final = "{name} should be a color such as #1a2b3c"
# GET and DELETE of a style that doesn't exist: the path is known, the thing is not.
STYLE_GONE_CODE: Final = "not_found"
STYLE_GONE_STATUS: Final = 404
# No document says how the server fails at its own fault; `internal_error` is the name most services use.
INTERNAL_ERROR_CODE: Final = "internal_error"
INTERNAL_ERROR_MESSAGE: Final = "Internal server error"
# No limit of the request body is documented for generations; 12 MB is more than any body of text needs.
MAX_BODY_BYTES: Final = 12_000_000
# A picture and its mask, 10 MB each, as text in base64.
MAX_UPLOAD_BYTES: Final = 30_000_000
BODY_TOO_LARGE_MESSAGE: Final = "Request Entity Too Large"

# -- Requests ----------------------------------------------------------------------------------------------------------

# The documents give no default for the vector endpoint.
DEFAULT_VECTOR_MODEL: Final = "recraftv4_1_vector"
# Older names that the published specification still lists, harmless to accept.
MODEL_ALIASES: Final = {"refm1": "recraftv3", "recraft20b": "recraftv2"}
RASTER_SUFFIX: Final = "_raster"
# `size` null means "chosen from the prompt"; we always choose the square.
AUTO_ASPECT: Final = "1:1"
# `any` is in the published list of styles and the name in error texts when none is given, so it means "no style".
NO_STYLE: Final = "any"
# The style that error texts name when a vector model is sent without one.
VECTOR_MODEL_STYLE: Final = "vector_illustration"
# Open too: a parameter that the model doesn't take (negative_prompt on V4, text_layout on V2, ...) is "rejected or
# ignored" by the documents. It is ignored here (validation.generation), but a malformed value is still refused.
# In a form every value is text, and an empty one can't be told from null: it counts as null.
EMPTY_FORM_VALUE_IS_NULL: Final = True
# A raster V2/V3 model with a legacy vector style answers SVG; the documents don't price that mixture. Vector price.
LEGACY_VECTOR_STYLE_COSTS_VECTOR: Final = True

# -- Edits -------------------------------------------------------------------------------------------------------------

# No document says how large the answer of imageToImage is: as large as its source.
# Neither how much the upscales enlarge. The cap keeps every result under 40 megapixels, and above the largest input.
CRISP_FACTOR: Final = 2.0
CREATIVE_FACTOR: Final = 4.0
MOST_UPSCALED_PIXELS: Final = 32_000_000
# `variateImage` without a model draws with the default one.
# How many pictures /explore gives is not documented; a third party saw 8.
EXPLORE_IMAGES: Final = 8
# Results of /explore/similar can be sources of it too: one explores on from what one found.
# `max_num_shapes` without a number, while `limit_num_shapes` is on.
MOST_SHAPES: Final = 400
# The older upscales, which the specification calls deprecated, cost as much as the ones that took their place.

# -- Money -------------------------------------------------------------------------------------------------------------

# 50,000 units = US$50: enough for a newcomer's first weeks.
START_BALANCE: Final = 50_000
# Open too: units are taken at completion. A call is refused at its start when the calls that still run would leave too
# little (store.begin).

# -- Limits ------------------------------------------------------------------------------------------------------------

# Which requests the 5 per second count is not documented: the calls that cost units, not reads.
LIMITED_METHOD: Final = "POST"
# A refused request takes no room in the windows.
# Images are counted once `n` is known, at the time of arrival; a request with a bad value takes none.

# -- Result files ------------------------------------------------------------------------------------------------------

# "About 24 hours"; whether the answer is 403 or 404 afterwards is not documented. A forged URL gets the same.
URL_LIFETIME_SECONDS: Final = 24 * 3600.0
EXPIRED_STATUS: Final = 403
EXPIRED_BODY: Final = "Forbidden"
# `calculate_features` asks for an NSFW score; nothing here is unsafe.
NSFW_SCORE: Final = 0.0

# -- Time --------------------------------------------------------------------------------------------------------------

# The real service takes 1 to 15 s. Long enough that a newcomer sees every state, short enough not to bore.
RASTER_LATENCY_SECONDS: Final = 0.6
# Vectors take about twice as long as rasters.
VECTOR_LATENCY_FACTOR: Final = 2.0
# Share of the latency by which two requests may differ, fixed by prompt and seed.
LATENCY_SPREAD: Final = 0.15
# Longer than any client's own keep-alive, so that an idle connection is never closed under a request being written.
KEEP_ALIVE_SECONDS: Final = 75

# -- The account -------------------------------------------------------------------------------------------------------

# All tokens of a user share one balance, and this sandbox knows one user.
USER_ID: Final = "5a4db0c5-0000-4000-8000-5a4db0c50001"
USER_EMAIL: Final = "sandbox@example.com"
USER_NAME: Final = "Sandbox"
