"""Scripts of the site itself: quick exit, print, copy, doors by keyboard."""

from django.template.loader import render_to_string
from playwright.sync_api import Page, expect

NEUTRAL = "https://www.dwd.de/"


def with_exit(page: Page) -> list[str]:
    """Open the front after another page, put the exit on it, and return the list of addresses asked from then on."""
    page.goto("/impressum/")
    page.goto("/")
    page.evaluate(
        """html => {
            document.querySelector("main").insertAdjacentHTML("beforebegin", html);
            const script = Object.assign(document.createElement("script"), {src: "/static/js/exit.js", type: "module"});
            return new Promise(done => { script.onload = done; document.head.append(script); });
        }""",
        render_to_string("components/quick_exit.html"),
    )
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    return asked


def wait_for_neutral(page: Page, asked: list[str]) -> None:
    """Wait until the browser has asked for the neutral page and, without a network, shown that it is not there."""
    expect(page).to_have_url("chrome-error://chromewebdata/", timeout=10_000)
    assert any(url.startswith(NEUTRAL) for url in asked), f"never asked for the neutral page: {asked}"


def test_exit_leaves_no_way_back_to_the_page(page: Page) -> None:
    page.goto("/")
    page.evaluate("localStorage.setItem('merkliste', '[\"o:eq\"]')")
    asked = with_exit(page)
    page.click("text=Seite schnell verlassen")
    wait_for_neutral(page, asked)
    assert asked[0].endswith("/raus/")
    page.go_back()
    page.wait_for_url("**/impressum/")
    assert page.evaluate("localStorage.getItem('merkliste')") is None


def test_exit_by_shift_three_times(page: Page) -> None:
    asked = with_exit(page)
    page.keyboard.press("Shift")
    page.keyboard.press("Shift")
    page.keyboard.press("a")
    page.keyboard.press("Shift")
    page.wait_for_timeout(200)
    assert asked == []
    page.keyboard.press("Shift")
    page.keyboard.press("Shift")
    wait_for_neutral(page, asked)


def test_exit_works_as_a_plain_link_without_javascript(plain_page: Page) -> None:
    html = render_to_string("components/quick_exit.html")
    plain_page.route("**/impressum/", lambda route: route.fulfill(content_type="text/html; charset=utf-8", body=html))
    plain_page.goto("/impressum/")
    asked: list[str] = []
    plain_page.on("request", lambda request: asked.append(request.url))
    plain_page.click("text=Seite schnell verlassen", no_wait_after=True)
    wait_for_neutral(plain_page, asked)
    assert asked[0].endswith("/raus/")


def test_print_button_prints_once(page: Page) -> None:
    page.goto("/eltern/")
    page.evaluate("() => { window.printed = 0; window.print = () => { window.printed += 1; }; }")
    page.click("text=Diese Seite drucken")
    assert page.evaluate("window.printed") == 1


def test_print_button_is_not_there_without_javascript(plain_page: Page) -> None:
    plain_page.goto("/eltern/")
    expect(plain_page.get_by_text("Diese Seite drucken")).to_be_hidden()


def test_nothing_jumps_on_the_parents_page(page: Page) -> None:
    page.goto("/eltern/")
    shift = page.evaluate(
        """() => new Promise(done => {
            let sum = 0;
            new PerformanceObserver(list => { for (const entry of list.getEntries()) sum += entry.value; })
                .observe({type: "layout-shift", buffered: true});
            setTimeout(() => done(sum), 500);
        })"""
    )
    assert shift == 0


def test_every_door_is_reached_by_keyboard_and_leads_on(page: Page) -> None:
    page.goto("/")
    doors = page.locator(".door")
    assert doors.count() >= 8
    doors.first.focus()
    for number in range(doors.count()):
        assert page.evaluate("document.activeElement.className") == "door", number
        page.keyboard.press("Tab")
    doors.first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/zustaendigkeit/?tuer=*")
