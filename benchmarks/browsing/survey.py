"""The page that is measured: one long survey, as platforms without page breaks show it.

Sixty questions: two thirds are single choices, the rest grids of five rows, short and
long texts. A little script of the page's own counts the answers, as most surveys show
progress, so that a recorder of the page's changes has something to record.
"""

import html
from collections.abc import Iterator
from typing import Final

QUESTIONS: Final = 60
GRID_ROWS: Final = 5
# Ten questions, over and over.
KINDS: Final = (
    *("choice", "choice", "text", "choice", "grid"),
    *("choice", "choice", "essay", "choice", "choice"),
)

TOPICS: Final = (
    "the way to work",
    "buses and trains",
    "cycling in town",
    "the price of a ticket",
    "parking near your home",
    "walking after dark",
)
CHOICES: Final = ("Never", "Now and then", "Each week", "Most days", "I cannot say")

STYLE: Final = """
body { font: 16px/1.5 sans-serif; margin: 0 auto; max-width: 46rem; padding: 1rem; }
fieldset { border: 1px solid #bbb; border-radius: 6px; margin: 0 0 1.5rem; }
label { display: block; padding: .4rem; }
td label { text-align: center; }
input[type=text], textarea { font: inherit; width: 100%; box-sizing: border-box; }
#progress { position: sticky; top: 0; background: #fff; padding: .5rem; }
"""

# Counts what was answered; 40 characters or a choice make an answer.
PROGRESS: Final = """
const seen = new Set();
document.addEventListener("change", ({ target }) => {
  seen.add(target.name);
  document.getElementById("done").textContent = seen.size;
  document.getElementById("bar").value = seen.size;
});
"""

# What a hand needs to know: kind and boxes of all that can be answered, in page
# coordinates, in the order of the page.
GEOMETRY: Final = """
JSON.stringify({
  height: document.documentElement.scrollHeight,
  width: innerWidth,
  view: innerHeight,
  answers: [...document.querySelectorAll("[data-answer]")].map((one) => ({
    kind: one.dataset.answer,
    boxes: [...(one.matches("input, textarea") ? [one] : one.querySelectorAll("label"))]
      .map((box) => box.getBoundingClientRect())
      .map((box) => [box.x + scrollX, box.y + scrollY, box.width, box.height]),
  })),
})
"""

# What the hand left behind.
TRACES: Final = """
JSON.stringify({
  choices: document.querySelectorAll("input:checked").length,
  letters: [...document.querySelectorAll("textarea, [type=text]")]
    .reduce((sum, field) => sum + field.value.length, 0),
  y: Math.round(scrollY),
})
"""


def survey_page(script: str) -> str:
    """Return the page, with a script's tag at the end of its head."""
    return (
        "<!doctype html><html lang=en><head><meta charset=utf-8>"
        "<title>Commuting</title>"
        f"<style>{STYLE}</style>{script}</head><body>"
        f"<p id=progress>Answered: <b id=done>0</b> "
        f"<progress id=bar max={QUESTIONS}></progress></p>"
        "<h1>Your way to work</h1><form onsubmit='return false'>"
        + "".join(question(number) for number in range(1, QUESTIONS + 1))
        + f"</form><script>{PROGRESS}</script></body></html>"
    )


def question(number: int) -> str:
    """Return one question's elements."""
    topic = TOPICS[number % len(TOPICS)]
    prompt = f"{number}. When you think of {topic}: how often does it come to mind?"
    kind = KINDS[number % len(KINDS)]
    head = f"data-bonafide-question=q{number}"
    legend = f"<legend>{html.escape(prompt)}</legend>"
    name = f"q{number}"
    if kind == "choice":
        body = "".join(choices(name))
        return f"<fieldset {head} data-answer=choice>{legend}{body}</fieldset>"
    if kind == "grid":
        rows = "".join(
            f"<tr data-answer=choice><th>Part {row} of {topic}</th>"
            + "".join(f"<td>{one}</td>" for one in choices(f"{name}-{row}"))
            + "</tr>"
            for row in range(1, GRID_ROWS + 1)
        )
        return f"<fieldset {head}>{legend}<table>{rows}</table></fieldset>"
    field = (
        f"<input type=text name={name} data-answer=text>"
        if kind == "text"
        else f"<textarea name={name} rows=4 data-answer=text></textarea>"
    )
    return f"<fieldset {head}>{legend}{field}</fieldset>"


def choices(name: str) -> Iterator[str]:
    """Yield a radio button with its label for each choice."""
    for value, choice in enumerate(CHOICES):
        yield f"<label><input type=radio name={name} value={value}> {choice}</label>"
