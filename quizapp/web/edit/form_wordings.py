"""The wordings of problems for those who fill in forms, by the English sentence that speaks of the file.

``%(Class.field)s`` stands for the label of a field; words only.
"""

from __future__ import annotations


def _m_(message: str) -> str:
    """Marks words for the translators."""
    return message


WORDINGS: dict[str, str] = {
    "a fit table lists the options of the one or the names of the others": _m_(
        "ratings by answer follow the one, ratings by part the other"
    ),
    '"%(question)s" is a %(kind)s question': _m_('the way to answer "%(question)s" is: %(kind)s'),
    "a fit table lists the options of a choice question": _m_(
        "ratings by answer need a question with one option to choose"
    ),
    "name a choice question, or write fit as a rule": _m_(
        "choose such a question, or give the ratings by rule"
    ),
    'criterion "%(criterion)s" has neither question nor parts': _m_(
        'the criterion "%(criterion)s" has neither "%(Criterion.question)s" nor "%(Criterion.parts)s"'
    ),
    "nobody knows what the names in this table are": _m_("nobody knows what these ratings stand for"),
    "add question: to the criterion, or write this as a rule": _m_(
        "give the criterion one of them, or give this rating by rule"
    ),
    'the table "%(table)s" does not list %(lacking)s': _m_(
        'ratings for "%(table)s" are missing: %(lacking)s'
    ),
    "add it, or add else": _m_("fill them in, or give the rating by rule"),
    "else is never used here": _m_("the rating for all other answers is never used"),
    "every one is listed by name": _m_("every answer has a rating of its own"),
    "it counts as unknown there, and so as the criterion's if_unknown": _m_(
        'it counts as unknown there, and so as "%(Criterion.if_unknown)s" says'
    ),
    "add fit, or write `unknown` in a table to say that nobody knows": _m_(
        'fill in "%(Item.fit)s", or say there that it is unknown'
    ),
    "add source: and line:; where no source says it, write unknown": _m_(
        'fill in "%(Cost.source)s" and "%(Cost.line)s"; where no source says it, mark the value as unknown'
    ),
    "exactly one of value, from and to, text, or unknown: true is shown": _m_(
        'only one is shown of "%(Fact.value)s", "%(Fact.from)s" and "%(Fact.to)s", '
        '"%(Fact.text)s", and "%(Fact.unknown)s"'
    ),
    "give one; where no source says it, write unknown: true": _m_(
        'fill in one; where no source says it, tick "%(Fact.unknown)s"'
    ),
    "from %(low)s is greater than to %(to)s": _m_("it begins at %(low)s and ends at %(to)s"),
    "add unit: (none where it counts nothing)": _m_(
        'choose "%(Fact.unit)s"; "no unit" where it counts nothing'
    ),
    "add source:": _m_('choose "%(Cost.source)s"'),
    'the source "%(source)s" has neither file nor url': _m_(
        'the source "%(source)s" has neither "%(Source.file)s" nor "%(Source.url)s"'
    ),
    "fact_kinds": _m_("kinds of facts"),
    "it already stands on line %(line)s, and answers, links and rules find parts by id": _m_(
        "answers, links and conditions find parts by id"
    ),
    'the requirement "%(name)s" is both fixed and met by a step': _m_(
        'the condition "%(name)s" has both "%(Requirement.fixed)s" and "%(Requirement.step)s"'
    ),
    'the requirement "%(name)s" is neither fixed nor met by a step': _m_(
        'the condition "%(name)s" has neither "%(Requirement.fixed)s" nor "%(Requirement.step)s"'
    ),
    "delete fixed: or step:": _m_("take one of them away"),
    "add fixed: true with otherwise:, or a step:": _m_(
        'tick "%(Requirement.fixed)s" and fill in "%(Requirement.otherwise)s", or fill in "%(Requirement.step)s"'
    ),
    'the fixed requirement "%(requirement)s" has no otherwise': _m_(
        '"%(Requirement.otherwise)s" of the condition "%(requirement)s" is empty'
    ),
    "add otherwise: in both languages": _m_('fill in "%(Requirement.otherwise)s" in both languages'),
    'the requirement "%(requirement)s" is fixed and may follow the exam': _m_(
        'the condition "%(requirement)s" has "%(Requirement.fixed)s" and may follow the exam'
    ),
    "what may follow blocks nothing, so it cannot be fixed": _m_("what may follow the exam closes no way"),
    "delete one of the two": _m_("change one of the two"),
    "this row says not exactly one of any_day, monthly and months": _m_(
        'one of "%(Schedule.any_day)s", "%(Schedule.monthly)s" and "%(Schedule.months)s" has to be chosen here'
    ),
    "keep one; for two kinds of sitting write two rows": _m_(
        "keep one; for two kinds of sitting add a second entry"
    ),
    "add routes:, or listed_only: true where the source only names it": _m_(
        'add one under "%(Item.routes)s", or tick "%(Item.listed_only)s" where the source only names it'
    ),
    'item "%(item)s" is listed only and has %(field)s': _m_(
        '"%(item)s" has "%(Item.listed_only)s" ticked, and has "%(field)s"'
    ),
    "delete %(field)s:, or listed_only:": _m_('empty "%(field)s", or untick "%(Item.listed_only)s"'),
    'item "%(item)s" is priced: false and has costs': _m_(
        '"%(Item.priced)s" of "%(item)s" is not ticked, and it has costs'
    ),
    "delete the costs, or priced: false": _m_('remove the costs, or tick "%(Item.priced)s"'),
    "add costs: (yen: unknown where no source says it), or priced: false to the item": _m_(
        'add it under "%(Route.costs)s" (unknown where no source says it), or untick "%(Item.priced)s" of the whole'
    ),
    "a %(kind)s question is answered by picking among its options": _m_(
        "such a question is answered by picking among its options"
    ),
    "add options:": _m_('add to "%(Question.options)s"'),
    'the question "%(question)s" has no grid': _m_(
        '"%(Question.grid)s" of the question "%(question)s" is empty'
    ),
    "a number question is answered by the whole numbers of its grid": _m_(
        "only these numbers can be answered"
    ),
    "add grid: {from: …, to: …, unit: …}": _m_('fill in "%(Grid.from)s", "%(Grid.to)s" and "%(Grid.unit)s"'),
    'the question "%(question)s" is %(kind)s and has %(what)s': _m_(
        'the question "%(question)s" is answered otherwise (%(kind)s), and has %(what)s'
    ),
    "a grid": _m_("numbers that may be answered"),
    "delete it, or change kind:": _m_('remove it, or change "%(Question.kind)s"'),
    "from %(low)s is not below to %(to)s": _m_("it goes from %(low)s to %(to)s"),
    "make from the smaller": _m_('make "%(Grid.from)s" the smaller'),
    "write to: %(last)s, or another step": _m_('write %(last)s for "%(Grid.to)s", or change "%(Grid.step)s"'),
    "the grid has %(count)s numbers": _m_("%(count)s numbers could be answered"),
    "use a larger step": _m_('make "%(Grid.step)s" larger'),
    "delete it, or add ask_if:": _m_('empty it, or fill in "%(Question.ask_if)s"'),
    "ask it always, and read today in the rules that use its answer": _m_(
        "ask it always, and compare with the day in the conditions that use its answer"
    ),
    'whether "%(question)s" is asked depends on the day (today)': _m_(
        'whether "%(question)s" is asked depends on the day'
    ),
    "drop its ask_if": _m_('empty its "%(Question.ask_if)s"'),
    "a limit of %(of)s is compared with %(unit)s": _m_(
        'what it limits is "%(of)s", so the answer has to count %(unit)s'
    ),
    'the question "%(question)s" does not count %(unit)s': _m_(
        'the answer to "%(question)s" does not count %(unit)s'
    ),
    "name a number question whose grid has unit: %(unit)s": _m_(
        "choose a question answered by a number, with the unit %(unit)s"
    ),
    "write true or false": _m_("answer yes or no"),
    "write a list: [a, b], or [] for none": _m_("choose among its options"),
    "add it under %(field)s": _m_('add it under "%(field)s"'),
    "shorten it, or move a part to note:": _m_('shorten it, or move a part to "%(Item.note)s"'),
    "add rule: %(guideline)s to the reason or note that says it": _m_(
        'choose it as "%(Reason.rule)s" of the reason or caution that says it'
    ),
    "name a part of it under values: that reads few questions": _m_(
        'make a part of it, which reads few questions, an entry of "%(Bank.values)s"'
    ),
    "name several of them together under values:": _m_(
        'put several of them together as an entry of "%(Bank.values)s"'
    ),
    "name parts of it under values:": _m_('make parts of it entries of "%(Bank.values)s"'),
    "it belongs to an item's plan, which only fit and criterion values may read": _m_(
        "it belongs to a plan, which only ratings may read"
    ),
    'there is no field "%(name)s" here': _m_(
        'the text of the bank holds "%(name)s", for which there is no form'
    ),
    'the field "%(name)s" is missing': _m_('"%(name)s" is empty'),
    'add "%(name)s"': _m_('fill in "%(name)s"'),
    'there is no %(language)s text ("%(name)s")': _m_("there is no %(language)s text"),
    'the %(language)s text ("%(name)s") is empty': _m_("the %(language)s text is empty"),
    "write it, or delete the line": _m_("fill it in, or leave it out"),
    '"%(name)s" is an empty list': _m_('nothing is listed under "%(name)s"'),
    '"%(name)s" is %(kind)s': _m_('"%(name)s" holds what its form cannot show'),
    "write {ja: …, en: …}": _m_("fill in both languages"),
    "put it in quotes: '%(written)s'": _m_("type it anew as a text"),
    "write %(number)s, without quotes, commas and units": _m_("write %(number)s"),
    "leave out the quotes": _m_("choose it anew"),
    "write the value itself": _m_("fill it in anew"),
    "write %(wanted)s": _m_("fill in %(wanted)s"),
    "no answers meet all its fixed requirements together": _m_(
        'no answers meet all its conditions with "%(Requirement.fixed)s" together'
    ),
    "check its fixed requirements": _m_('check its conditions with "%(Requirement.fixed)s"'),
    "check the number and the question's grid": _m_(
        'check the number, and "%(Question.grid)s" of the question'
    ),
    "write bank: %(slug)s; a bank keeps its name": _m_(
        'write %(slug)s as "%(Bank.bank)s"; a bank keeps its name'
    ),
    "name the file %(bank)s.yaml": _m_("%(bank)s is what both have to be called"),
    "a map": _m_("a form of several fields"),
    "true or false": _m_("yes or no"),
    "the word %(word)s": _m_("“%(word)s”"),
}

# Where only the kind of problem tells what its form can do.
FIXES: dict[str, str] = {
    "unknown_field": _m_("delete or rename it in the view of the whole text"),
}
