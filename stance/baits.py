"""Recognize what speaks to a language model, through the disguises in use.

The lists were written against the attacks in ``eval/attacks`` and against a thousand news articles,
in which hardly a sentence may match.
"""

from __future__ import annotations

import re
import unicodedata

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
BAIT = re.compile(
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
    | ^(?:abstract|highlights|key\spoints|summary|tl;?\s?dr|conclusion)\W{{0,2}}$ | ^conclusion\s*:
    | ^(?:act\sas|pretend\s(?:to\sbe|that|you))\b
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
FOREIGN = re.compile(
    r"(?:ignorier\w*|vergiss|ignore[rz]?|oublie[rz]?|ignora\w*|olvida\w*|dimentica\w*|игнорируй\w*"
    r"|забудь\w*|忽略|无视|無視).{0,60}?(?:anweisung\w*|instructions|consignes|instruc\w{3,}"
    r"|alles\b.{0,40}\boben|istruzion\w*|инструкци\w*|instru[çc]\w+|指示|指令|说明)"
)
# What an order to a program is made of: an imperative of telling, somebody addressed, the text or
# its summary spoken of, and a must. Two of them, outside of quotation marks, stand together in
# about one sentence of news in two thousand.
_TELL = re.compile(
    r"(?:^|[.:;!?—–]\s*|\b(?:and|then|please|kindly|instead,?)\s"
    r"|\byou (?:must|should|shall|will|have to|need to|are to) )"
    r"(?:say|state|write|report|claim|announce|mention|declare|describe|recommend|praise|advertise"
    r"|defend|repeat|output(?=\s*:| (?:only|the|exactly)\b)|answer|respond|reply|print|add|conclude"
    r"|summari[sz]e|rewrite|translate"
    r"|name|pretend|convince|find fault|include|insert|ignore)\b(?! (?:what|us|me|how|to us)\b)"
)
_ADDRESSED = re.compile(
    r"\b(?:you|your|yours|ai|llms?|bots?|crawlers?|chatbots?|assistants?|language models?"
    r"|summari[sz]ers?|software|machines?|models?)\b"
)
_ABOUT_TEXT = re.compile(
    r"\b(?:this|the) (?:article|text|page|story|passage|summary|abstract|document|paragraph|rest"
    r"|above|following)\b|\b(?:instructions?|prompt|guidelines|output|summary)\b"
    r"|\b(?:every|each|your) (?:answer|response)\b"
)
_MUST = re.compile(r"\b(?:must|should|shall|ha(?:s|ve) to|only|drop|wants?)\b")
# A fake turn, a letter to the model and a text that voids the article own what follows them, to
# the end of their paragraph.
TURN = re.compile(
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
    | ^[^\w\s]{{0,6}}\s*(?:end|begin|start|beginning)\sof\s(?:(?:the|all|new)\s)?
        (?:article|document|prompt|system\sprompt|instructions?|user\sinput|context)
        \s*(?:[\])>:.=*-]|$)
    | ^`{{3}}
    """,
    re.VERBOSE,
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
# The script of a text shows in its first letters; the last Latin one, combined ones included.
_SAMPLE, _LAST_LATIN = 2000, "\u024f"
# A longer sentence is several that could not be told apart, in which such words meet by chance.
_MAX_ORDER_WORDS = 45


def unmask(text: str) -> str:
    """Return a text in plain lower-case letters, without the disguises that hide words."""
    while (plain := _unmasked(text)) != text:
        text = plain
    return text


def _unmasked(text: str) -> str:
    """Take off one layer of disguise."""
    text = _APART.sub(lambda match: match[0].replace(" ", ""), text)
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
        text = "".join(c for c in text if unicodedata.category(c) not in ("Cf", "Mn"))
        text = text.casefold().translate(_LOOKALIKES).replace("’", "'")
    text = " ".join(text.casefold().split())
    return _MIXED.sub(lambda match: match[0].translate(_FIGURES), text)


def is_order(plain: str) -> bool:
    """Tell whether a sentence, less its quotations, orders a program to write something."""
    own = _QUOTATION.sub(" ", plain)
    if len(own.split()) > _MAX_ORDER_WORDS:
        return False
    if not _ADDRESSED.search(own):
        return bool(_TELL.search(own) and _ABOUT_TEXT.search(own))
    if _TELL.search(own):
        return True
    return bool(_ABOUT_TEXT.search(own) and _MUST.search(own))


def is_latin(text: str) -> bool:
    """Tell whether most letters of a text are Latin ones, or like them."""
    letters = [c for c in unmask(text[:_SAMPLE]) if c.isalpha()]
    return 2 * sum(c <= _LAST_LATIN for c in letters) >= len(letters)


def is_foreign(text: str) -> bool:
    """Tell whether a sentence is in another script, and no quotation."""
    return text[:1] not in "«“„\"‘'" and not is_latin(text)


def is_quoted(plain: str, position: int) -> bool:
    """Tell whether the words at `position` stand in quotation marks and are spoken of outside."""
    inside = any(m.start() <= position < m.end() for m in _QUOTATION.finditer(plain))
    outside = _QUOTATION.sub(" ", plain)
    return inside and len(outside.split()) >= 2 and _NEWS.search(outside) is not None
