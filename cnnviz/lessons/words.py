"""The words of the lessons' page and of its sheets, in each language that there are lessons in."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from cnnviz.lessons.check import STATEMENTS


@dataclass(frozen=True)
class Words:
    """What stands in braces is filled in by who shows it."""

    title: str
    about: str
    teacher: str
    teacher_help: str
    start: str
    start_that: str
    minutes: str
    about_minutes: str
    aim: str
    likely: str
    room: str
    sheet: str
    sheet_with_answers: str
    link_to: str
    step: str
    kinds: Mapping[str, str]
    check: str
    check_about: str
    stays: str
    stays_not: str
    looking: str
    when: str
    times: Mapping[str, str]
    place: str
    answer: str
    answer_first: str
    right: str
    again: str
    table_help: str
    erase: str
    erase_sure: str
    erase_it: str
    left_out: str
    unreadable: str
    use: str
    use_about: str
    score: str
    to_go: str
    statements: tuple[str, ...]


_ENGLISH = Words(
    title="Lessons",
    about="**Start** with the first, or with any: ten lessons of at most five minutes, from one "
    "row of numbers to a trained network. Each leads through the app itself, and asks before it "
    "shows. What you had comes back when you leave.",
    teacher="For the teacher",
    teacher_help="Notes to each lesson, a link to each of its steps, and a sheet to print.",
    start="Start",
    start_that="Start “{}”",
    minutes="{} min",
    about_minutes="About {} minutes.",
    aim="Aim.",
    likely="Likely mistakes",
    room="To the room.",
    sheet="Sheet to print",
    sheet_with_answers="… with answers",
    link_to="A step of “{}” to link to",
    step="step {} · {}",
    kinds=MappingProxyType(
        {"look": "look", "do": "do", "predict": "predict", "transfer": "transfer"}
    ),
    check="Check yourself",
    check_about="{0} questions before the course and {0} alike after it, with numbers of your own.",
    stays="They stay in this browser alone, until you erase them.",
    stays_not="This browser keeps nothing for pages: they stay for this visit only.",
    looking="One moment: this browser is asked for what you have answered so far.",
    when="When",
    times=MappingProxyType({"before": "before", "after": "after"}),
    place="{} of {}.",
    answer="Answer",
    answer_first="Answer first: choose one, or type a number, such as −2 or 0.5.",
    right="{} of {} right.",
    again="Again: {}, step {}",
    table_help="What was asked, answered, and whether it was right; and what you said of the app.",
    erase="Erase",
    erase_sure="All answers, ratings and ticks go, here and in this browser's other tabs.",
    erase_it="Erase all",
    left_out="Part of what this browser kept of the course can't be used and was left out: {}.",
    unreadable="What this browser kept of the course can't be read and was dropped.",
    use="How was it to use? Ten statements (optional)",
    use_about="The System Usability Scale (John Brooke, 1996). 1 is “I don't agree at all”, 5 is "
    "“I agree wholly”. Nothing is sent anywhere.",
    score="**{} of 100.** 68 is the usual middle.",
    to_go="{} to go.",
    statements=STATEMENTS,
)

_GERMAN = Words(
    title="Lektionen",
    about="**Fang** mit der ersten **an**, oder mit irgendeiner: zehn Lektionen von höchstens fünf "
    "Minuten, von einer Reihe Zahlen bis zum trainierten Netz. Jede führt durch die App selbst und "
    "fragt, bevor sie zeigt. Was du hattest, ist wieder da, wenn du sie verlässt.",
    teacher="Für Lehrende",
    teacher_help="Hinweise zu jeder Lektion, ein Link zu jedem ihrer Schritte und ein Blatt zum "
    "Drucken.",
    start="Los",
    start_that="„{}“ beginnen",
    minutes="{} min",
    about_minutes="Etwa {} Minuten.",
    aim="Ziel.",
    likely="Häufige Fehler",
    room="Frage in die Runde.",
    sheet="Blatt zum Drucken",
    sheet_with_answers="… mit Lösungen",
    link_to="Ein Schritt von „{}“, auf den verwiesen wird",
    step="Schritt {} · {}",
    kinds=MappingProxyType(
        {"look": "ansehen", "do": "tun", "predict": "voraussagen", "transfer": "übertragen"}
    ),
    check="Was weißt du?",
    check_about="{0} Fragen vor dem Kurs und {0} ebensolche danach, mit deinen eigenen Zahlen.",
    stays="Sie bleiben nur in diesem Browser, bis du sie löschst.",
    stays_not="Dieser Browser behält nichts für Seiten: Sie bleiben nur für diesen Besuch.",
    looking="Einen Augenblick: Dieser Browser wird gefragt, was du schon geantwortet hast.",
    when="Wann",
    times=MappingProxyType({"before": "vorher", "after": "nachher"}),
    place="{} von {}.",
    answer="Antworten",
    answer_first="Erst antworten: eines auswählen oder eine Zahl eintippen, etwa −2 oder 0,5.",
    right="{} von {} richtig.",
    again="Noch einmal: {}, Schritt {}",
    table_help="Was gefragt und geantwortet wurde und ob es stimmte; und was du von der App sagst.",
    erase="Löschen",
    erase_sure="Alle Antworten, Bewertungen und Häkchen gehen, hier und in den anderen Tabs "
    "dieses Browsers.",
    erase_it="Alles löschen",
    left_out="Ein Teil dessen, was dieser Browser vom Kurs behalten hat, ist nicht zu gebrauchen "
    "und blieb weg: {}.",
    unreadable="Was dieser Browser vom Kurs behalten hat, ist nicht zu lesen und wurde verworfen.",
    use="Wie war es zu benutzen? Zehn Aussagen (freiwillig)",
    use_about="Die System Usability Scale (John Brooke, 1996). 1 heißt „stimme gar nicht zu“, 5 "
    "heißt „stimme völlig zu“. Nichts davon wird irgendwohin gesendet.",
    score="**{} von 100.** 68 ist die übliche Mitte.",
    to_go="Noch {}.",
    statements=(
        "Ich denke, dass ich dieses System gern häufig benutzen würde.",
        "Ich fand das System unnötig komplex.",
        "Ich fand das System einfach zu benutzen.",
        "Ich glaube, ich würde die Hilfe einer technisch versierten Person brauchen, um das System "
        "benutzen zu können.",
        "Ich fand, die verschiedenen Funktionen in diesem System waren gut integriert.",
        "Ich denke, das System enthielt zu viele Inkonsistenzen.",
        "Ich kann mir vorstellen, dass die meisten Menschen den Umgang mit diesem System sehr "
        "schnell lernen.",
        "Ich fand das System sehr umständlich zu benutzen.",
        "Ich fühlte mich bei der Benutzung des Systems sehr sicher.",
        "Ich musste eine Menge lernen, bevor ich anfangen konnte, das System zu verwenden.",
    ),
)

WORDS: Mapping[str, Words] = MappingProxyType({"en": _ENGLISH, "de": _GERMAN})
