"""What the fields of a bank are for, where the model does not say it beside the field itself."""

from __future__ import annotations

_ANYWHERE = {
    "id": "Its name in rules, links and results: small letters, digits and _. Never change it once published.",
    "label": "What it is called on the page, in both languages.",
    "name": "Its full name, in both languages.",
    "note": "What one must know along with it, in both languages.",
    "why": "One sentence that says why, in both languages.",
    "hint": "A short help beside it, in both languages.",
    "text": "The sentence itself, in both languages.",
    "if": "The rule by which it holds or is said.",
    "ja": "The Japanese words, polite and short.",
    "en": "The English words, plain and short.",
    "title": "What it is called, in both languages.",
    "ask": "The question as it is put, in both languages.",
    "place": "Where, in both languages.",
    "interest": "What it sells or earns, where that could colour what it says.",
    "url": "The whole address: http, https or mailto.",
    "from": "The least.",
    "to": "The greatest; left out where nobody says.",
    "unit": "What the numbers count.",
}

_HERE = {
    ("Bank", "bank"): "The bank's id; its file has the same name.",
    ("Bank", "format"): "The version of this format: 1.",
    ("Bank", "title"): "What the quiz is called, in both languages.",
    ("Bank", "summary"): "What it answers, for the start page, in both languages.",
    ("Bank", "sources"): "Where the facts come from, by id.",
    ("Bank", "fact_kinds"): "What facts are called on every item, in the order in which they are shown.",
    ("Bank", "guidelines"): "The rules of the sources in words.",
    ("Bank", "doubts"): "Contradictions found in the sources, and the readings used.",
    ("Bank", "screens"): "Pages that gather several questions about one thing.",
    ("Bank", "questions"): "The questions, in the order in which they are asked.",
    ("Bank", "values"): "Named intermediate results, so that rules read like sentences.",
    ("Bank", "criteria"): "What makes an item good for a taker, each with its weight.",
    ("Bank", "limits"): "Answers that bound what the taker accepts.",
    ("Bank", "items"): "What can be recommended.",
    ("Bank", "providers"): "Schools and courses that teach towards items.",
    ("Bank", "notes"): "Cautions about the whole subject, said when their rule holds.",
    ("Criterion", "weight"): "How much it counts: a number or a rule; only its share of the sum matters.",
    ("Criterion", "label"): "What it is called in the ledger, in both languages.",
    ("Cost", "yen"): "The price in whole yen, tax included, or unknown.",
    ("Doubt", "topic"): "What the contradiction is about, in both languages.",
    ("Doubt", "reading"): "Which reading is used and why, in both languages.",
    ("Fact", "value"): "A whole number.",
    ("Fact", "from"): "The least of a range.",
    ("Fact", "to"): "The greatest of a range.",
    ("Fact", "text"): "Words instead of a number, in both languages.",
    ("Grid", "from"): "The first number that may be answered.",
    ("Grid", "to"): "The last number that may be answered; steps from the first must come to it.",
    ("Grid", "step"): "The distance between two answers.",
    ("Item", "kind"): "What sort of thing it is.",
    ("Item", "summary"): "What it is, in one or two sentences, in both languages.",
    ("Item", "issuer"): "Who grants it, in both languages.",
    ("Item", "closing"): "When it ended, for what can no longer be had.",
    ("Item", "schedule"): "When one can sit, for every route without a schedule of its own.",
    ("Item", "facts"): "Facts by the id of their kind.",
    ("Item", "reasons"): "Sentences for and against, said when their rule holds.",
    ("Item", "notes"): "Cautions about this item, said when their rule holds.",
    ("Item", "links"): "Addresses worth opening.",
    ("Limit", "question"): "The number question whose answer is the limit.",
    ("Limit", "of"): "What it bounds: the cost in yen or the months.",
    ("Months", "from"): "The fewest months.",
    ("Months", "to"): "The most months; left out where nobody says.",
    ("Part", "weight"): "How much it counts among the parts.",
    ("Provider", "items"): "The ids of the items that it teaches towards.",
    ("Provider", "online"): "True where it can be taken from anywhere.",
    ("Provider", "features"): "What the source says of it, in both languages.",
    ("Provider", "listed_only"): "True where a source names it without details.",
    ("Question", "kind"): "How it is answered: one option, any options, a number of the grid, or yes or no.",
    ("Reason", "side"): "Whether it speaks for the item or against it.",
    ("Requirement", "if"): "The rule by which a taker meets it, or unknown where no source tells it.",
    ("Route", "requires"): "What this route asks beyond what every route of the item asks.",
    ("Route", "costs"): "What this route costs beyond what every route of the item costs.",
    ("Route", "stages"): "The stretches of the way, in order; shown, not counted.",
    ("Schedule", "any_day"): "True where one can sit on any day.",
    ("Schedule", "monthly"): "True where one can sit every month.",
    ("Schedule", "months"): "The months in which one can sit, 1 to 12.",
    ("Step", "label"): "What to do, in both languages.",
    ("Step", "months"): "How long it takes, in months.",
    ("Value", "rule"): "The rule that it stands for.",
}


def words_for(part: str, field: str) -> str:
    """What a field is for.

    Raises KeyError where nobody has said it; a test keeps that from happening.

    >>> words_for("Cost", "yen")
    'The price in whole yen, tax included, or unknown.'
    """
    return _HERE.get((part, field)) or _ANYWHERE[field]
