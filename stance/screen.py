"""Tell an article's own sentences from ballast and from instructions to a language model.

An article is data. A sentence in it that speaks to the summarizer ("ignore previous instructions",
a fake system turn, a ready-made "summary:") is kept from generators, from extracts and from the
evidence of a check, unless it is quoted as news; then only generators do not see it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace

from stance.text import Document

_AGENCY = (
    r"(?:Reuters|Thomson Reuters Foundation|Associated Press|Bloomberg|Xinhua|Kyodo|Yonhap|Agencies"
    r"|CNN(?: Business| Student News)?|The Hill|AP|AFP|AAP|UPI|BBC|ANI|PTI|IANS|DPA|dpa|EFE|NPR"
    r"|(?:ITAR-)?TASS)"
)
_PLACE = r"[A-Z][\w.’'-]*(?:[ ,/]+[A-Z][\w.’'-]*){0,5}"
_CAPITALS = r"[A-Z][A-Z.’'-]+(?:[ ,/]+[A-Z][A-Z.’'-]+){0,3}"
_DAY = r"(?:, [A-Z][a-z]{2,8}\.? \d{1,2})?"
_DATELINE = re.compile(
    rf"(?:{_PLACE}{_DAY}\s)?\({_AGENCY}\)\s*(?:[-–—:]{{1,2}}\s*)?(?=[A-Z“\"‘'\d])"
    rf"|{_CAPITALS}(?:, [A-Z][a-z.]+)?{_DAY}\s(?:—|–|--)\s(?=[A-Z“\"‘'\d])"
)
_DASH = re.compile(r"—|–|--")
# What is left of a sentence after its dateline must still be one.
_MIN_WORDS = 4

_BALLAST = re.compile(
    r"""
    for\s(?:the\s)?(?:latest|more|breaking|full)\b.{0,80}
        \b(?:head\sto|go\sto|visit|follow|click|see|download|sign\sup)\b
    | (?:read|see|watch|listen|scroll|click|tap|swipe)
        \s(?:more|also|here|now|next|on|down|below|the\sfull\sstory)\b(?!.*\b(?:said|says)\b)
    | (?:subscribe|sign\sup|log\sin|register|follow\sus|like\sus|join\sus|share\sthis
        |download\s(?:the|our)\sapp)\b
    | (?:copyright\s(?:©|\(c\)|\d{4}|(?-i:[A-Z]))|©|\(c\)\s\d{4}|all\srights\sreserved)
    | .{0,120}\ball\srights\sreserved\b.{0,60}$
    | (?:image|photo|picture|video|media)\s(?:copyright|caption|credit|source|playback)\b
    | (?:advertisement|sponsored|most\sread|recommended|editors?['’]?s?\s(?:note|picks?)
        |related\s(?:articles?|stories|topics|links))\b\W{0,2}(?:$|:)
    | (?:by|reporting\sby|additional\sreporting\sby|editing\sby|written\sby)\s(?-i:[A-Z])[\w.’'-]+
        (?:[ ,]+(?:and\s)?(?-i:[A-Z])[\w.’'-]+){0,7}[\s,;|]*\.?$
    | \(?reporting\sby\b.{0,160}$
    | (?:last\s|first\s)?(?:updated|published|posted)(?:\s(?:at|on)\b|\s?:|\s\d).{0,60}$
    | (?:the\s)?(?:associated\spress|reuters|afp|bbc|cnn)(?:['’]s\s[\w.,\s-]{3,80})?
        \scontributed\sto\sthis\s(?:report|story|article)\b
    | this\s(?:article|story|report|content)\s(?:was|has\sbeen|is)
        \s(?:first\s|originally\s)?(?:published|updated|corrected|part\sof)\b
    | (?:we\suse\scookies|accept\scookies|this\s(?:site|website)\suses\scookies)\b
    | (?:e-?mail|contact|follow)
        \s(?:the\s(?:author|reporter|writer)|@\w+|[\w.\s]{3,40}\son\stwitter)\b
    | (?:https?://|www\.)\S+$
    """,
    re.IGNORECASE | re.VERBOSE,
)

_MODEL = (
    r"(?:ai|llm|(?:large\s)?language\s(?:model|tool)|chatbot|summari[sz]er|assistant"
    r"|(?:automated|automatic|machine)\s(?:reader|system|tool|agent))"
)
_EARLIER = r"(?:previous|prior|above|preceding|earlier|foregoing|your|system|original)"
_ORDERS = (
    r"(?:instructions?|prompts?|directions|commands|guidelines|rules|orders|messages?|context)"
)
# Where an order begins: "told drivers to ignore earlier guidelines" is none.
_CLAUSE = (
    r"(?:^|[.:;,!?—–\-\"“”'‘(\[*>]\s*|\b(?:please|kindly|now|and|then"
    r"|you(?:\s(?:must|should|will|can|to|are\sto|have\sto|need\sto))?)\s)"
)
_BAIT = re.compile(
    rf"""
    {_CLAUSE}(?:ignore|disregard|forget|override|discard)
        \s(?:[\w']+\s){{0,4}}?{_EARLIER}\s(?:[\w']+\s){{0,3}}?(?:{_ORDERS}|text|article)\b
    | {_CLAUSE}(?:ignore|disregard|forget)
        \s(?:everything|all|anything|the\s(?:text|article|rest))\b.{{0,30}}
        \b(?:above|before|previous|previously|prior|so\sfar|article|instructions?)\b
    | ^(?:ignore|disregard|forget)\s(?:what|whatever|all\sthat)\s(?:comes|follows|came|stands)\b
    | {_CLAUSE}(?:tell|inform)\s(?:the|your)\s(?:reader|user)s?\sthat\b
    | \b(?:if|as|since|because)\syou\sare\san?\s(?:machine|bot|robot|program|computer|{_MODEL})\b
    | {_CLAUSE}(?:put|insert|include|add|place)\s.{{1,60}}?\s(?:in|into|to|at\sthe\send\sof)
        \s(?:your\s(?:answer|output|response|reply|text|summary)|what\syou\swrite)\b
    | {_CLAUSE}(?:leave\sout|omit|skip)\s(?:every|all)\b.{{1,40}}?\sand\s(?:add|say|write|state)\b
    | \b(?:the\s(?:final|finished|resulting)|your)\s(?:text|answer|output|summary)
        \s(?:mentions?|must|should|has\sto|needs\sto|shall)\b
    | \b(?:any|every)\s(?:retelling|summary|digest)\b.{{0,30}}?
        \b(?:has\sto|must|should|shall|carries|needs\sto)\b
    | \b{_MODEL}s?(?:\s(?:model|assistant|system|reader|tool)s?)?
        \s(?:(?:that|which|who)\s(?:are\s)?)?(?:processing|reading|seeing|read|process)\sthis\b
    | {_CLAUSE}(?:ignore|disregard)\s(?:the\s)?(?:above|article|preceding)\b
    | \bas\san?\s(?:ai|(?:large\s)?language\smodel)(?:,|\s(?:language\s)?(?:model|assistant)\b)
    | \byou\sare\s(?:now\s|no\slonger\s)?
        (?:(?:an?\s|the\s)?(?:helpful\s|unrestricted\s)?(?:assistant|{_MODEL})\b
        |in\sdeveloper\smode|dan\b)
    | \b(?:note|notice|message|memo|attention|instructions?|dear|hey|hello|important|update)[\s,:]+
        (?:to\s|for\s)?(?:the\s|all\s|any\s)?{_MODEL}s?
        (?:\s(?:model|assistant|system|agent|reader|summari[sz]er)s?)?\s*[:,.—–-]
    | \b(?:when|if|while|before)\s(?:you\s(?:are\s)?)?(?:asked\sto\s)?
        (?:summari[sz](?:e|ing)|generating\s(?:a|the)\ssummary)\s(?:of\s)?(?:this|the|it)\b
    | \b(?:your\ssummary\s(?:must|should|has\sto|needs\sto|shall)
        |(?:the|any)\ssummary\s(?:must|should|has\sto|shall)\s(?:only|say|state|claim|conclude|end))\b
    | ^(?:please\s|now\s|instead,?\s|simply\s|just\s)*
        (?:write|say|output|respond|reply|print|repeat|conclude|summari[sz]e)
        \s(?:only|exactly|that|with|instead|the\sfollowing|(?:this|it|that)\sinstead
        |(?:this|the)\s(?:article|text|story))\b
    | \byou\smust\s(?:now\s|only\s)?
        (?:output|summari[sz]e|obey\s(?:these|the\sfollowing|this)|respond\s(?:only\s)?with)\b
    | {_CLAUSE}(?:reveal|print|show|repeat|output|leak)
        \s(?:your|the)\s(?:system\s|hidden\s|initial\s)?(?:prompt|instructions)\b
    | {_CLAUSE}(?:do\snot|don't|never)
        \s(?:summari[sz]e\s(?:this|the)|(?:mention|include)\b.{{0,60}}\b(?:summary|article)\b)
    | ^(?:the\s)?(?:(?:correct|final|true|real|suggested|ready)\s)?(?:answer|output)\s*:
    | ^(?:the\s)?(?:(?:correct|final|true|real|suggested|ready|short|brief|one-\w+)\s)?
        (?:summary|tl;?\s?dr|gist|synopsis|(?:key\s)?take-?aways?|bottom\sline)
        (?:\s(?:of|for)\s[^:.]{{1,40}})?(?:\sis(?:\sthis)?)?\s*:
    | ^(?:in\s(?:short|brief|sum|a\snutshell)|to\ssum\sup|long\sstory\sshort)\s*:
    | ^(?:abstract|highlights|key\spoints)\W{{0,2}}$
    | ^this\s(?:article|text|story|report)\s(?:shows|proves|concludes)\sthat\b
    | ^headline\s(?:for|of)\s[^:]{{1,30}}:
    | \b(?:line|text|sentence)\sis\san\sorder\b | ^decode\b | \band\sobey\s(?:it|this|them)\b
    | \bthe\sonly\sthing\sto\s(?:report|say|write|mention)\sis\b
    | \bfrom\s(?:now|this\spoint|here)\son,?\s(?:you|your)\b
    | \byou\s(?:will|shall|must|should)\s(?:answer|respond|reply)\s(?:only|with)\b
    | \b(?:whoever|anyone\swho|everyone\swho|whatever)
        \s(?:condenses|summari[sz]es|shortens|retells|digests|reads)\sthis\b
    | \byour\s(?:task|job|goal|role|instructions?|orders)\s(?:is|are|has|have)\s(?:now\s|been\s)?
        (?:changed|updated|replaced|over|now)\b
    | ^(?:do\snot|don't|never)\sfollow\sthe\s(?:request|instructions?|orders?|prompt)\b
    | ^follow\sth(?:is|ese)\s(?:one|request|instructions?)\b | \byou\sare\sreading\sa\stest\b
    | snoitcurtsni\b|\btpmorp\b
    | \bnew\s(?:system\s)?(?:instructions?|prompt|task|request|orders?)(?:\sfrom\s[^:]{{1,30}})?\s*:
    | \byou\s(?:have\spermission|are\s(?:free|allowed|permitted))\sto
        \s(?:break|ignore|drop|leave)\s(?:your|the|all)\s(?:\w+\s)?{_ORDERS}\b
    """,
    re.VERBOSE,
)
# "Ignore your instructions" in other tongues, in their own letters.
_FOREIGN = re.compile(
    r"(?:ignorier\w*|vergiss|ignore[rz]?|oublie[rz]?|ignora\w*|olvida\w*|dimentica\w*|игнорируй\w*"
    r"|забудь\w*|忽略|无视|無視).{0,60}?(?:anweisung\w*|instructions|consignes|instruc\w{3,}"
    r"|istruzion\w*|инструкци\w*|指示|指令|说明)"
)
# A fake turn, a letter to the model and a text that voids the article own what follows them, to
# the end of their paragraph.
_TURN = re.compile(
    rf"""
    <[|｜][^|｜<>\n]{{1,30}}[|｜]> | \[/?inst\] | <</?sys>> | </?s> | <(?:start|end)_of_turn>
    | ^\W{{0,4}}(?:system|assistant|user|human)
        (?:\s(?:prompt|message|override|note|instruction))?s?\W{{0,3}}:
    | ^</?(?:article|document|instructions?|prompt|context|\w{{0,12}}_?(?:user|request|input))
        \b[^>]*>
    | </?think(?:ing)?>
    | "role"\s*:\s*"(?:system|assistant|user|developer)"
    | ^(?:dear|hello|hey|attention|note\sto)[\s,:]+(?:the\s|all\s|any\s)?{_MODEL}s?\b
    | \b(?:facts|text|report|story|article|passage)\s(?:stated\s)?(?:above|below)\b.{{0,30}}?
        \b(?:withdrawn|outdated|obsolete|fiction|fictitious|false|void)\b
    | \b(?:above|earlier|previous)\s(?:facts|text|report|story|article|passage)\s(?:is|was|are|were)
        \s(?:\w+\s)?(?:withdrawn|outdated|obsolete|fiction|fictitious|false|void)\b
    | ^\#{{1,6}}\s*(?:instructions?|system|response|input|assistant|user)\b
    | ^\[(?:system|assistant|user|admin)\b[^\]]*\]
    | ^(?:-{{2,}}|={{2,}})?\s*(?:end|begin|start|beginning)\sof\s(?:the\s)?
        (?:article|prompt|system\sprompt|instructions?|user\sinput|context)\s*(?:[\])>:.=*-]|$)
    """,
    re.VERBOSE,
)
_FOLLOW_UP = re.compile(
    r"(?:instead|then|also|now|do not|don't|please|always|never|only|just|mention|include|write|say"
    r"|announce|translate|praise|compose|obey|put|close\swith|any\sretelling|follow"
    r"|state|describe|report|summari[sz]e|output|end your|your|you|make sure|be sure"
    r"|this is (?:an?|the) (?:order|instruction|test)"
    r"|the (?:only|correct|real|true|final) (?:summary|answer|fact))\b"
)
_NEWS = re.compile(
    r"\b(?:said|says|told|wrote|reads?|asked|typed|hid|hidden|hide|insert\w*|embed\w*|contain\w*"
    r"|instruct(?:ed|s|ing)|command\w*|phrases?|words?|texts?|messages?|attack\w*|researchers?"
    r"|chatbots?|replied|respond(?:ed|s)|answered|began|begins|such as|like)\b"
)
_QUOTATION = re.compile(r"“[^”]*(?:”|$)|\"[^\"]*\"|‘[^’]{3,}’(?!\w)|(?<!\w)'[^']{3,}'(?!\w)")
# Letters of other scripts that pass for Latin ones.
_LOOKALIKES = str.maketrans(
    "аеорсухіјѕһԁԛԝкмтвнαεικνορτυχıᴀᴄᴅᴇᴊᴋʟᴍɴᴏᴘʀᴛᴜᴠᴡʏᴢ",
    "aeopcyxijshdqwkmtbhaeiknoptuxiacdejklmnoprtuvwyz",
)
# Figures that stand for letters in the middle of a word.
_FIGURES = str.maketrans("013457", "oieast")
_MIXED = re.compile(r"\b(?=\w*[^\W\d_]{2})(?=\w*[013457])[^\W_]{3,}\b")
# Letters that are set apart, one by one.
_APART = re.compile(r"(?<!\S)(?:\w ){2,}\w(?!\w)")
_MAX_TURN = 6


@dataclass(frozen=True, slots=True)
class Screen:
    """Hold the indices of the sentences that are not the article's own.

    `ballast` are bylines, captions, adverts; `baits` instructions to a language model; `quoted`
    such instructions that the article quotes as news.
    """

    ballast: frozenset[int]
    baits: frozenset[int]
    quoted: frozenset[int]

    def readable(self, count: int) -> list[int]:
        """Return which of `count` sentences may stand in an extract."""
        return [i for i in range(count) if i not in self.ballast and i not in self.baits]


def screen(document: Document) -> Screen:
    """Sort out the sentences that are ballast or speak to a language model.

    Args:
        document: the article; its other sentences are left alone.

    Returns:
        The indices of both kinds. The lists are short and made to be precise: a sentence is not
        barred because it is odd.
    """
    texts = [document.sentence(i) for i in range(len(document.sentences))]
    ballast = {i for i, text in enumerate(texts) if is_ballast(text)}
    baits: set[int] = set()
    quoted: set[int] = set()
    for index, text in enumerate(texts):
        if index in baits:
            continue
        plain = unmask(text)
        turn = _TURN.search(plain)
        bait = turn or _BAIT.search(plain) or _FOREIGN.search(text.casefold())
        if bait is None:
            continue
        if _is_news(plain, bait.start()):
            quoted.add(index)
            continue
        baits.update(_reach(document, texts, index, whole=turn is not None))
    return Screen(frozenset(ballast), frozenset(baits), frozenset(quoted - baits))


def is_ballast(text: str) -> bool:
    """Tell whether a sentence is a byline, a caption, an advert or the like."""
    return _BALLAST.match(text) is not None


def strip_dateline(text: str) -> str:
    """Take "LONDON (Reuters) - " off the head of a sentence, where a sentence is left."""
    match = _DATELINE.match(text)
    if match is None:
        return text
    rest = text[match.end() :]
    # "NASA — the agency — said" has a pair of dashes and no dateline.
    paired = ")" not in match.group() and _DASH.search(rest)
    return text if paired or len(rest.split()) < _MIN_WORDS else rest


def unmask(text: str) -> str:
    """Return a text in plain lower-case letters, without the disguises that hide words."""
    text = _APART.sub(lambda match: match[0].replace(" ", ""), text)
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
        text = "".join(c for c in text if unicodedata.category(c) not in ("Cf", "Mn"))
        text = text.casefold().translate(_LOOKALIKES).replace("’", "'")
    text = " ".join(text.casefold().split())
    return _MIXED.sub(lambda match: match[0].translate(_FIGURES), text)


def _is_news(plain: str, position: int) -> bool:
    """Tell whether the words at `position` stand in quotation marks and are spoken of outside."""
    inside = any(m.start() <= position < m.end() for m in _QUOTATION.finditer(plain))
    outside = _QUOTATION.sub(" ", plain)
    return inside and len(outside.split()) >= 2 and _NEWS.search(outside) is not None


def _reach(document: Document, texts: list[str], index: int, *, whole: bool) -> list[int]:
    """Return the sentences that a bait takes with it, itself first, within its paragraph."""
    reached = [index]
    for after in range(index + 1, min(index + _MAX_TURN, len(texts))):
        if document.paragraph_of[after] != document.paragraph_of[index]:
            break
        if not whole and not _FOLLOW_UP.match(unmask(texts[after]).lstrip("\"'“‘ ")):
            break
        reached.append(after)
    return reached


def without_baits(document: Document) -> Document:
    """Return a document as if what speaks to a language model were not in it; offsets hold.

    Args:
        document: the article.

    Returns:
        The document itself where there is nothing of the kind, or nothing else.
    """
    baits = screen(document).baits
    kept = [i for i in range(len(document.sentences)) if i not in baits]
    if not baits or not kept:
        return document
    return replace(
        document,
        sentences=tuple(document.sentences[i] for i in kept),
        paragraph_of=tuple(document.paragraph_of[i] for i in kept),
    )
