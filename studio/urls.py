"""Every URL of the studio."""

from django.contrib import admin
from django.urls import include, path

from studio.views import (
    acting,
    alerts,
    assets,
    boards,
    candidates,
    caps,
    collections,
    comments,
    compare,
    create,
    credits,
    edit,
    events,
    exports,
    finish,
    gallery,
    health,
    jobs,
    media,
    members,
    monitor,
    notices,
    palette,
    people,
    prices,
    reference,
    requests,
    reviews,
    shared,
    shares,
    shell,
    styles,
    uploads,
    visibility,
    words,
    workspaces,
)

create_urls = (
    [
        path("", create.home, name="home"),
        path("create/enhance/", words.enhance, name="enhance"),
        path("create/enhance/<slug:public_id>/", words.proposal, name="proposal"),
        path("create/palette/", palette.pictures, name="palette"),
        path("create/history/", words.history, name="history"),
        path("create/<slug:slug>/", create.page, name="page"),
        path("create/<slug:slug>/fields/", create.fields, name="fields"),
        path("create/<slug:slug>/draft/", create.draft, name="draft"),
    ],
    "create",
)
edit_urls = (
    [
        path("edit/<slug:public_id>/", edit.start, name="start"),
        path("edit/<slug:public_id>/finish/", finish.page, name="finish"),
        path("edit/<slug:public_id>/finish/fewer/", finish.fewer, name="fewer"),
        path("edit/<slug:public_id>/fit/<slug:slug>/", finish.fit, name="fit"),
        path("edit/<slug:public_id>/candidates/<slug:candidate>/", candidates.page, name="candidate"),
        path("edit/<slug:public_id>/<slug:slug>/", edit.page, name="page"),
        path("edit/<slug:public_id>/<slug:slug>/fields/", edit.fields, name="fields"),
    ],
    "edit",
)
jobs_urls = (
    [
        path("runs/", jobs.runs, name="feed"),
        path("runs/newer/", jobs.newer, name="newer"),
        path("runs/moving/", jobs.moving, name="moving"),
        path("runs/<slug:public_id>/", jobs.run, name="run"),
        path("runs/<slug:public_id>/cancel/", jobs.cancel, name="cancel"),
        path("queue/", jobs.queue, name="queue"),
        path("queue/waiting/<slug:where>/", jobs.waiting, name="waiting"),
    ],
    "jobs",
)
assets_urls = (
    [
        path("gallery/", gallery.page, name="gallery"),
        path("gallery/newer/", gallery.newer, name="newer"),
        path("gallery/library/", gallery.library, name="library"),
        path("gallery/menu/", gallery.menu, name="menus"),
        path("gallery/menu/<slug:name>/", gallery.menu, name="menu"),
        path("gallery/searches/", gallery.save, name="save"),
        path("gallery/searches/<slug:public_id>/forget/", gallery.forget, name="forget"),
        path("assets/<slug:public_id>/", assets.page, name="page"),
        path("assets/<slug:public_id>/panel/", assets.panel, name="panel"),
        path("assets/<slug:public_id>/lightbox/", assets.lightbox, name="lightbox"),
        path("assets/<slug:public_id>/visibility/", visibility.change, name="visibility"),
    ],
    "assets",
)
acting_urls = (
    [
        path("act/", acting.act, name="act"),
        path("act/undo/", acting.undo, name="undo"),
        path("act/marks/", acting.marks, name="marks"),
        path("act/tags/", acting.suggestions, name="tags"),
        path("act/<slug:public_id>/", acting.action, name="action"),
        path("trash/", acting.bin, name="trash"),
    ],
    "acting",
)
comments_urls = (
    [
        path("assets/<slug:public_id>/comments/", comments.all, name="all"),
        path("comments/<slug:public_id>/<slug:does>/", comments.one, name="one"),
    ],
    "comments",
)
collections_urls = (
    [
        path("collections/", collections.index, name="index"),
        path("collections/new/", collections.new, name="new"),
        path("collections/pick/", collections.pick, name="pick"),
        path("collections/<slug:public_id>/", collections.page, name="page"),
        path("collections/<slug:public_id>/settings/", collections.settings, name="settings"),
        path("collections/<slug:public_id>/delete/", collections.delete, name="delete"),
        path("collections/<slug:public_id>/add/", collections.add, name="add"),
        path("collections/<slug:public_id>/remove/", collections.remove, name="remove"),
        path("collections/<slug:public_id>/move/", collections.move, name="move"),
        path("collections/<slug:public_id>/cover/", collections.cover, name="cover"),
    ],
    "collections",
)
boards_urls = (
    [
        path("boards/", boards.index, name="index"),
        path("boards/new/", boards.new, name="new"),
        path("boards/<slug:public_id>/", boards.page, name="page"),
        path("boards/<slug:public_id>/vote/", boards.vote, name="vote"),
        path("boards/<slug:public_id>/begin/", boards.begin, name="begin"),
        path("boards/<slug:public_id>/link/", boards.link, name="link"),
        path("boards/<slug:public_id>/close/", boards.close, name="close"),
        path("boards/<slug:public_id>/ratings/", boards.ratings, name="ratings"),
        path("boards/<slug:public_id>/picture/<slug:key>", boards.picture, name="picture"),
    ],
    "boards",
)
reviews_urls = (
    [
        path("r/<str:token>/", reviews.page, name="page"),
        path("r/<str:token>/<slug:key>", reviews.picture, name="picture"),
    ],
    "reviews",
)
uploads_urls = (
    [path("", uploads.take, name="take"), path("<slug:public_id>/", uploads.card, name="card")],
    "uploads",
)

exports_urls = (
    [
        path("exports/", exports.index, name="index"),
        path("exports/new/", exports.new, name="new"),
        path("exports/sheet/", exports.sheet, name="sheet"),
        path("exports/<slug:public_id>/", exports.card, name="card"),
        path("exports/<slug:public_id>/left-out/", exports.report, name="report"),
        path("exports/<slug:public_id>/file", exports.file, name="file"),
        path("exports/<slug:public_id>/delete/", exports.delete, name="delete"),
    ],
    "exports",
)
shares_urls = (
    [
        path("shares/", shares.index, name="index"),
        path("shares/new/", shares.new, name="new"),
        path("shares/<slug:public_id>/revoke/", shares.revoke, name="revoke"),
    ],
    "shares",
)
shared_urls = (
    [
        path("s/<str:token>/", shared.page, name="page"),
        path("s/<str:token>/seen/", shared.seen, name="seen"),
        path("s/<str:token>/<slug:public_id>/", shared.picture, name="picture"),
        path("s/<str:token>/<slug:public_id>/<slug:size>", shared.media, name="media"),
    ],
    "shared",
)
styles_urls = (
    [
        path("styles/", styles.page, name="page"),
        path("styles/ours/", styles.ours, name="ours"),
        path("styles/new/", styles.new, name="new"),
        path("styles/new/fields/", styles.fields, name="fields"),
        path("styles/favorite/", styles.favorite, name="favorite"),
        path("styles/<slug:public_id>/delete/", styles.delete, name="delete"),
    ],
    "styles",
)
reference_urls = (
    [
        path("reference/", reference.index, name="index"),
        path("reference/<slug:slug>/", reference.page, name="page"),
    ],
    "reference",
)
credits_urls = (
    [
        path("credits/", credits.page, name="page"),
        path("credits/entries/", credits.lines, name="lines"),
        path("credits/units.<slug:extension>", credits.download, name="download"),
    ],
    "credits",
)
monitor_urls = (
    [
        path("monitor/", monitor.page, name="page"),
        path("monitor/now/", monitor.now, name="now"),
        path("monitor/units.<slug:extension>", monitor.download, name="download"),
        path("monitor/collections.<slug:extension>", monitor.collections, name="collections"),
    ],
    "monitor",
)
caps_urls = (
    [
        path("monitor/limits/", caps.page, name="page"),
        path("monitor/limits/new/", caps.add, name="add"),
        path("monitor/limits/<int:pk>/end/", caps.lift, name="lift"),
        path("monitor/budgets/<int:budget>/", caps.limit, name="limit"),
        path("monitor/stop/", caps.stop, name="stop"),
        path("monitor/resume/", caps.resume, name="resume"),
        path("monitor/check/", caps.check, name="check"),
    ],
    "caps",
)
people_urls = (
    [
        path("sign-in/", people.sign_in, name="sign-in"),
        path("sign-out/", people.sign_out, name="sign-out"),
        path("welcome/<str:token>/", people.welcome, name="welcome"),
        path("introduce/", people.introduce, name="introduce"),
        path("password/", people.password, name="password"),
        path("password/changed/", people.password_changed, name="password-changed"),
        path("forgot/", people.forgot, name="forgot"),
        path("forgot/sent/", people.forgot_sent, name="forgot-sent"),
        path("reset/done/", people.reset_done, name="reset-done"),
        path("reset/<str:uid>/<str:token>/", people.reset, name="reset"),
    ],
    "people",
)
members_urls = (
    [
        path("members/", members.page, name="page"),
        path("members/invite/", members.invite, name="invite"),
        path("members/invitations/<int:pk>/withdraw/", members.withdraw, name="withdraw"),
        path("members/invitations/<int:pk>/resend/", members.resend, name="resend"),
        path("members/gone/<int:pk>/share/", members.take_over, name="take-over"),
        path("members/budgets/<int:pk>/", members.units, name="units"),
        path("members/<int:pk>/role/", members.role, name="role"),
        path("members/<int:pk>/remove/", members.remove, name="remove"),
        path("join/<str:token>/", members.join, name="join"),
    ],
    "members",
)
workspaces_urls = (
    [
        path("workspaces/", workspaces.menu, name="menu"),
        path("workspaces/new/", workspaces.new, name="new"),
        path("workspaces/<slug:public_id>/switch/", workspaces.switch, name="switch"),
        path("workspace/", workspaces.settings, name="settings"),
        path("workspace/hand-over/", workspaces.hand_over, name="hand-over"),
        path("workspace/leave/", workspaces.leave, name="leave"),
    ],
    "workspaces",
)
requests_urls = (
    [
        path("requests/", requests.page, name="page"),
        path("requests/ask/", requests.ask, name="ask"),
        path("requests/<slug:public_id>/approve/", requests.approve, name="approve"),
        path("requests/<slug:public_id>/decline/", requests.decline, name="decline"),
        path("requests/<slug:public_id>/withdraw/", requests.withdraw, name="withdraw"),
    ],
    "requests",
)
alerts_urls = (
    [
        path("alerts/", alerts.page, name="page"),
        path("alerts/settings/", alerts.choose, name="choose"),
        path("alerts/webhooks/", alerts.add, name="add"),
        path("alerts/webhooks/<slug:public_id>/end/", alerts.end, name="end"),
        path("alerts/webhooks/<slug:public_id>/test/", alerts.test, name="test"),
        path("alerts/messages/<int:pk>/again/", alerts.again, name="again"),
    ],
    "alerts",
)
prices_urls = (
    [
        path("monitor/prices/", prices.page, name="page"),
        path("monitor/prices/set/", prices.set_price, name="set"),
    ],
    "prices",
)
notices_urls = (
    [
        path("notices/", notices.page, name="page"),
        path("notices/older/", notices.older, name="older"),
        path("notices/bell/", notices.bell, name="bell"),
        path("notices/read/", notices.read_all, name="read-all"),
        path("notices/settings/", notices.settings, name="settings"),
        path("notices/<int:pk>/", notices.follow, name="follow"),
        path("notices/<int:pk>/read/", notices.read, name="read"),
    ],
    "notices",
)

urlpatterns = [
    path("", include(create_urls)),
    path("", include(edit_urls)),
    path("uploads/", include(uploads_urls)),
    path("", include(jobs_urls)),
    path("", include(assets_urls)),
    path("", include(acting_urls)),
    path("", include(comments_urls)),
    path("compare/", include(([path("", compare.page, name="page")], "compare"))),
    path("", include(collections_urls)),
    path("", include(boards_urls)),
    path("", include(reviews_urls)),
    path("", include(exports_urls)),
    path("", include(shares_urls)),
    path("", include(shared_urls)),
    path("", include(styles_urls)),
    path("", include(reference_urls)),
    path("", include(people_urls)),
    path("", include(members_urls)),
    path("", include(workspaces_urls)),
    path("", include(credits_urls)),
    path("", include(monitor_urls)),
    path("", include(caps_urls)),
    path("", include(requests_urls)),
    path("", include(notices_urls)),
    path("", include(prices_urls)),
    path("", include(alerts_urls)),
    path("media/<slug:public_id>/<slug:variant>", media.serve, name="media"),
    path("events/", include(([path("", events.stream, name="stream")], "events"))),
    path("banner/", include(([path("", shell.banner, name="banner")], "shell"))),
    path("units/", include(([path("", shell.units, name="units")], "ledger"))),
    path("healthz", health.alive),
    path("readyz", health.ready),
    path("admin/login/", people.staff_sign_in),
    path("admin/", admin.site.urls),
]

handler400 = "studio.views.errors.unreadable"
handler404 = "studio.views.errors.missing"
handler403 = "studio.views.errors.forbidden"
handler500 = "studio.views.errors.broken"
