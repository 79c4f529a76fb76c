"""A private window of our own. Run by the system's Python, not by ours: only it has the GTK bindings.

The address comes on standard input, never as an argument: other people on this computer can read
arguments. It prints `ready` once the window stands; it ends with 3 where it cannot be one. Nothing
is kept: no cache, no cookies, no history; scripts are off; every host but ours is blocked, twice.
"""

# ruff: noqa: T201 -- it speaks to the program over a pipe
# mypy: ignore-errors
import sys

CANNOT = 3


def main() -> int:
    """Show the window until it is closed; return how it went."""
    address = sys.stdin.readline().strip()
    if not address.startswith("http://127.0.0.1:"):
        return CANNOT
    home = address.split("/start/")[0] + "/"
    try:
        import gi
    except ImportError:
        return CANNOT
    for gtk, webkit, version in (
        ("3.0", "WebKit2", "4.1"),
        ("3.0", "WebKit2", "4.0"),
        ("4.0", "WebKit", "6.0"),
    ):
        try:
            gi.require_version("Gtk", gtk)
            gi.require_version(webkit, version)
        except ValueError:
            continue
        break
    else:
        return CANNOT
    import importlib

    Gtk = importlib.import_module("gi.repository.Gtk")
    GLib = importlib.import_module("gi.repository.GLib")
    WebKit = importlib.import_module("gi.repository." + webkit)
    if not (Gtk.init_check() if gtk == "4.0" else Gtk.init_check(None)[0]):
        return CANNOT
    # A proxy that nobody answers, for everything but ourselves.
    nowhere = WebKit.NetworkProxySettings.new("http://127.0.0.1:1", ["127.0.0.1"])
    if version == "6.0":
        session = WebKit.NetworkSession.new_ephemeral()
        session.set_proxy_settings(WebKit.NetworkProxyMode.CUSTOM, nowhere)
        view = WebKit.WebView(network_session=session)
    else:
        context = WebKit.WebContext.new_ephemeral()
        context.get_website_data_manager().set_network_proxy_settings(WebKit.NetworkProxyMode.CUSTOM, nowhere)
        view = WebKit.WebView.new_with_context(context)
    settings = view.get_settings()
    wanted = {
        "enable-javascript": False,
        "enable-javascript-markup": False,
        "enable-webgl": False,
        "enable-webaudio": False,
        "enable-media": False,
        "enable-media-stream": False,
        "enable-dns-prefetching": False,
        "enable-hyperlink-auditing": False,
        "enable-html5-local-storage": False,
        "enable-html5-database": False,
        "enable-offline-web-application-cache": False,
        "enable-page-cache": False,
        "enable-developer-extras": False,
        "enable-write-console-messages-to-stdout": False,
    }
    for name, value in wanted.items():
        if settings.find_property(name):
            settings.set_property(name, value)

    def decide(_view: object, decision: object, kind: object) -> bool:
        if kind in (WebKit.PolicyDecisionType.NAVIGATION_ACTION, WebKit.PolicyDecisionType.NEW_WINDOW_ACTION):
            asked = decision.get_navigation_action().get_request().get_uri() or ""
            if kind == WebKit.PolicyDecisionType.NEW_WINDOW_ACTION or not asked.startswith(home):
                decision.ignore()
                return True
        return False

    view.connect("decide-policy", decide)
    # Nothing is saved to disk, and nothing on the page may ask for the camera, the place, or to notify.
    view.connect("permission-request", lambda _view, request: request.deny() or True)
    window = Gtk.Window(title="Notes")
    window.set_default_size(900, 760)
    loop = GLib.MainLoop()
    if gtk == "4.0":
        window.set_child(view)
        window.connect("close-request", lambda *_: loop.quit())
        window.present()
    else:
        window.add(view)
        window.connect("destroy", lambda *_: loop.quit())
        window.show_all()
    view.load_uri(address)
    view.grab_focus()
    print("ready", flush=True)
    # The program ends: its end of the pipe closes, and so does the window.
    GLib.io_add_watch(sys.stdin.fileno(), GLib.IOCondition.HUP, lambda *_: loop.quit())
    loop.run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
