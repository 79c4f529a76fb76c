"""A private window of our own. Run by the system's Python, not by ours: only it has the GTK bindings.

The address comes on standard input, never as an argument: other people on this computer can read
arguments. It prints `ready` once the window stands; it ends with 3 where it cannot be one. Nothing
is kept: no cache, no cookies, no history; scripts are off; every host but ours is blocked, twice.
"""

# mypy: ignore-errors
# ruff: noqa: T201 -- it speaks to the program over a pipe

import contextlib
import importlib
import os
import sys

CANNOT = 3
BINDINGS = (("3.0", "WebKit2", "4.1"), ("3.0", "WebKit2", "4.0"), ("4.0", "WebKit", "6.0"))
OFF = (
    "enable-javascript",
    "enable-javascript-markup",
    "enable-webgl",
    "enable-webaudio",
    "enable-media-stream",
    "enable-dns-prefetching",
    "enable-hyperlink-auditing",
    "enable-html5-local-storage",
    "enable-html5-database",
    "enable-offline-web-application-cache",
    "enable-page-cache",
    "enable-developer-extras",
)


def main() -> int:
    """Show the window until it is closed; return how it went."""
    address = sys.stdin.readline().strip()
    if not address.startswith("http://127.0.0.1:"):
        return CANNOT
    plays = keep_beside_nothing()
    found = find_bindings()
    if found is None:
        return CANNOT
    gtk, webkit, glib = found
    view = make_view(webkit)
    silence(view, OFF if plays else (*OFF, "enable-media"))
    home = address.split("/start/")[0] + "/"
    view.connect("decide-policy", lambda _, decision, kind: decide(webkit, home, decision, kind))
    # Nothing on a page may ask for the camera, the place, or to notify.
    view.connect("permission-request", lambda _, request: request.deny() or True)
    loop = glib.MainLoop()
    show(gtk, view, loop)
    view.load_uri(address)
    view.grab_focus()
    print("ready", flush=True)
    # The program ends: its end of the pipe closes, and so does the window.
    glib.io_add_watch(sys.stdin.fileno(), glib.IOCondition.HUP, lambda *_: loop.quit())
    loop.run()
    if plays:
        with contextlib.suppress(OSError):
            os.remove(os.environ["GST_REGISTRY"])  # noqa: PTH107 - the system's Python loads no more than it must
    return 0


def keep_beside_nothing() -> bool:
    """Keep what plays film, and what draws, from leaving lists in the person's folder; say whether film may play.

    GStreamer writes down its parts at the first film, unless it is told of a place in memory (docs/decisions/0095).
    """
    os.environ["MESA_SHADER_CACHE_DISABLE"] = "true"
    memory = os.environ.get("XDG_RUNTIME_DIR", "")
    if not os.path.isdir(memory):  # noqa: PTH112 - as above
        return False
    os.environ["GST_REGISTRY"] = os.path.join(memory, f"notes-{os.getpid()}.bin")  # noqa: PTH118 - as above
    return True


def find_bindings() -> object:
    """Return GTK, WebKit and GLib, or None where they or a screen are missing."""
    # On some graphics drivers and in virtual machines the fast way shows an empty window; text needs no speed.
    os.environ["WEBKIT_DISABLE_DMABUF_RENDERER"] = "1"
    try:
        gi = importlib.import_module("gi")
    except ImportError:
        return None
    for gtk_version, name, version in BINDINGS:
        try:
            gi.require_version("Gtk", gtk_version)
            gi.require_version(name, version)
        except ValueError:
            continue
        gtk = importlib.import_module("gi.repository.Gtk")
        started = gtk.init_check() if gtk_version == "4.0" else gtk.init_check(None)[0]
        webkit, glib = (importlib.import_module(f"gi.repository.{one}") for one in (name, "GLib"))
        return (gtk, webkit, glib) if started else None
    return None


def make_view(webkit: object) -> object:
    """Return a view that keeps nothing and reaches nobody but us."""
    # A proxy that nobody answers, for everything but ourselves.
    nowhere = webkit.NetworkProxySettings.new("http://127.0.0.1:1", ["127.0.0.1"])
    if hasattr(webkit, "NetworkSession"):
        session = webkit.NetworkSession.new_ephemeral()
        session.set_proxy_settings(webkit.NetworkProxyMode.CUSTOM, nowhere)
        return webkit.WebView(network_session=session)
    context = webkit.WebContext.new_ephemeral()
    data = context.get_website_data_manager()
    data.set_network_proxy_settings(webkit.NetworkProxyMode.CUSTOM, nowhere)
    return webkit.WebView.new_with_context(context)


def silence(view: object, off: tuple[str, ...]) -> None:
    """Turn off everything a page of ours does not need."""
    settings = view.get_settings()
    for name in off:
        if settings.find_property(name):
            settings.set_property(name, False)  # noqa: FBT003 - the binding takes it so


def decide(webkit: object, home: str, decision: object, kind: object) -> bool:
    """Refuse every address that is not ours, and every second window."""
    kinds = webkit.PolicyDecisionType
    if kind not in (kinds.NAVIGATION_ACTION, kinds.NEW_WINDOW_ACTION):
        return False
    asked = decision.get_navigation_action().get_request().get_uri() or ""
    if kind == kinds.NEW_WINDOW_ACTION or not asked.startswith(home):
        decision.ignore()
        return True
    return False


def show(gtk: object, view: object, loop: object) -> None:
    """Put the view into a window with a title that says nothing."""
    window = gtk.Window(title="Notes")
    window.set_default_size(900, 760)
    if hasattr(window, "set_child"):
        window.set_child(view)
        window.connect("close-request", lambda *_: loop.quit())
        window.present()
    else:
        window.add(view)
        window.connect("destroy", lambda *_: loop.quit())
        window.show_all()


if __name__ == "__main__":
    sys.exit(main())
