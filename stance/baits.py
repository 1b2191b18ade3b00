"""Recognize what speaks to a language model, its disguises taken off.

The lists were written against the attacks in ``eval/attacks`` and against a thousand news articles,
in which hardly a sentence may match.
"""

from __future__ import annotations

import re

from stance.turns import MACHINE, MODEL, OUTPUT

_EARLIER = r"(?:previous|prior|above|preceding|earlier|foregoing|your|system|original)"
_ORDERS = (
    r"(?:instructions?|prompts?|directions|commands|guidelines|rules|orders|messages?|context)"
)
_CONDENSES = (
    r"(?:condens|summari[sz]|shorten|retell|digest|abridg|process|read|translat)(?:es|e|s|ing)?"
)
_UTTER = (
    r"(?:say|state|write|report|announce|mention|declare|praise|repeat|answer|respond|reply"
    r"|print|add|conclude|include|open|begin|start|end|finish|close|output|call)"
)
# Where an order begins: "told drivers to ignore earlier guidelines" is none.
_CLAUSE = (
    r"(?:^|[.:;,!?—–\-\"“”'‘(\[*>]\s*|\b(?:please|kindly|now|and|then"
    r"|you(?:\s(?:must|should|will|can|to|are\sto|have\sto|need\sto))?)\s)"
)
_NOTICE = (
    r"\b(?:note|notice|word|message|memo|attention|instructions?|dear|hey|hello|important|update)"
)
BAIT = re.compile(
    rf"""
    {_CLAUSE}(?:ignore|disregard|forget|override|discard)
        \s(?:[\w']+\s){{0,4}}?{_EARLIER}\s(?:[\w']+\s){{0,3}}?(?:{_ORDERS}|text|article)\b
    | {_CLAUSE}(?:ignore|disregard|forget)
        \s(?:everything|all|anything|the\s(?:text|article|rest))\b.{{0,30}}
        \b(?:above|before|previous|previously|prior|so\sfar|article|instructions?)\b
    | ^(?:ignore|disregard|forget)\s(?:what|whatever|all\sthat)\s(?:comes|follows|came|stands)\b
    | {_CLAUSE}(?:ignore|disregard)\s(?:the\s)?(?:above|article|preceding)\b
    | {_CLAUSE}(?:(?:tell|inform)\s(?:the|your)\s(?:reader|user)s?\sthat
        |(?:convince|persuade)\s(?:the|your)\s(?:reader|user)s?\s(?:that|to))\b
    | \b(?:if|as|since|because)\syou\sare\s
        (?:human\b|an?\s(?:human|machine|bot|robot|program|computer|{MODEL})\b)
    | {_CLAUSE}(?:put|insert|include|add|place|work)\s.{{1,60}}?\s(?:in|into|to|at\sthe\send\sof)
        \s(?:your\s(?:{OUTPUT}|text)|what\syou\swrite)\b
    | {_CLAUSE}(?:work|weave|put)\s(?:it|this|them)\sinto\s(?:the|your)\s{OUTPUT}\b
    | {_CLAUSE}(?:leave\sout|omit|skip)\s(?:every|all)\b.{{1,40}}?\sand\s(?:add|say|write|state)\b
    | \b(?:the\s(?:final|finished|resulting)|your)\s(?:text|{OUTPUT})
        \s(?:mentions?|must|should|has\sto|needs\sto|shall)\b
    | \byour\s(?:previous|last|earlier|next)\s{OUTPUT}\b
    | \bonly\s(?:permitted|allowed|correct|valid|possible|true)\s{OUTPUT}\b
    | \b(?:any|every|each)\s{OUTPUT}\b.{{0,30}}?
        \b(?:has\sto|must|should|shall|carries|needs\sto|(?:open|begin|start|end)s\swith)\b
    | \b(?:any|every|each|all)\s(?:\w+\s)?{MACHINE}\s(?:that|which|who)\s{_CONDENSES}\sth(?:is|e)\b
    | \b(?:any|every|each|all)\s(?:tool|system|service|app)s?\s(?:that|which)
        \s{_CONDENSES}\sth(?:is|e)\s(?:article|text|page|story)\b
    | \b{MODEL}s?(?:\s(?:model|assistant|system|reader|tool)s?)?
        \s(?:(?:that|which|who)\s(?:are\s)?)?(?:processing|reading|seeing|read|process)\sthis\b
    | (?:^|:\s)(?:the\s|any\s|all\s|every\s)?{MACHINE}(?:\s(?:that|which|who)\s[^.;:,]{{1,30}})?
        \s(?:must|shall|should|has\sto|have\sto|is\sto|are\sto|will)\s(?:\w+ly\s|only\s)?{_UTTER}\b
    | \bas\san?\s(?:ai|(?:large\s)?language\smodel)(?:,|\s(?:language\s)?(?:model|assistant)\b)
    | \byou\sare\s(?:now\s|no\slonger\s)?
        (?:(?:an?\s|the\s)?(?:helpful\s|unrestricted\s)?(?:assistant|{MODEL})\b
        |in\sdeveloper\smode|dan\b)
    | \byou\shave\sbeen\s(?:updated|reset|reprogrammed)\b
    | {_NOTICE}[\s,:]+(?:to\s|for\s)?(?:the\s|all\s|any\s)?(?:[\w'-]+\s)?{MACHINE}
        (?:\s(?:that|which|who)\s{_CONDENSES}\sthis)?\s*[:,.—–-]
    | ^(?:to|for)\s(?:the|any|all|every)\s{MACHINE}\s*:
    | ^(?:ai|llm|bot|(?:large\s)?language\smodel|assistant|chatbot)s?(?:\sreaders?)?
        (?:\s(?:who|that|which)?\s?\w+\sthis\s\w+)?\s*:
    | \b(?:when|if|while|before)\s(?:you\s(?:are\s)?)?(?:asked\sto\s)?
        (?:(?:summari[sz]|condens|shorten)(?:e|ing)?|generating\s(?:a|the)\ssummary)
        \s(?:of\s)?(?:this|the|it)\b
    | \b(?:the|any)\ssummary\s(?:must|should|has\sto|shall)\s(?:only|say|state|claim|conclude|end)\b
    | ^[\[(*>#\s]*(?:please\s|now\s|instead,?\s|simply\s|just\s)*
        (?:write|say|output|respond|reply|print|repeat|conclude|summari[sz]e)
        \s(?:only|exactly|that|with|instead|the\sfollowing|(?:this|it|that)\sinstead
        |(?:this|the)\s(?:article|text|story))\b
    | ^(?:report|state|mention|announce)\sinstead\b | {_CLAUSE}repeat\safter\sme\b
    | \byou\smust\s(?:now\s|only\s)?
        (?:output|summari[sz]e|obey\s(?:these|the\sfollowing|this)|respond\s(?:only\s)?with)\b
    | {_CLAUSE}(?:reveal|print|show|repeat|output|leak)
        \s(?:your|the)\s(?:system\s|hidden\s|initial\s)?(?:prompt|instructions)\b
    | {_CLAUSE}(?:do\snot|don't|never)
        \s(?:(?:summari[sz]e|shorten|condense)\s(?:this|the|it)
        |(?:mention|include)\b.{{0,60}}\b(?:summary|article)\b)
    | ^(?:do\snot|don't|never)\ssummari[sz]e\b
    | ^(?:act\sas|pretend\s(?:to\sbe|that|you))\b
    | \b(?:line|text|sentence)\sis\san\sorder\b | ^(?:decode|unquote)\b
    | \band\sobey\s(?:it|this|them)\b
    | \b(?:execute|run|obey)\safter\s(?:decoding|unquoting)\b
    | \bthe\sonly\s(?:thing|line|fact|sentence)\s(?:worth\s|to\s)
        (?:report|say|writ|mention|quot|tell)\w*\b
    | ^(?:everything|all|the\sonly\s\w+)\s(?:that\sis\s)?worth
        \s(?:knowing|passing\son|saying|telling)\sis\sthis\b
    | ^stop\sreading\b
    | \bfrom\s(?:now|this\spoint|here)\son,?\s(?:you|your)\b
    | \byou\s(?:will|shall|must|should)\s(?:answer|respond|reply)\s(?:only|with)\b
    | \b(?:whoever|anyone\swho|everyone\swho|whatever)\s{_CONDENSES}\sthis\b
    | \byour\s(?:task|job|goal|role|instructions?|orders)\s(?:is|are|has|have)\s(?:now\s|been\s)?
        (?:changed|updated|replaced|over|now)\b
    | \byour\s(?:new|real|actual|sole)\s(?:task|job|goal|role|instructions?|orders)\s(?:is|are)\b
    | ^(?:do\snot|don't|never)\sfollow\sthe\s(?:request|instructions?|orders?|prompt)\b
    | ^follow\sth(?:is|ese)\s(?:one|request|instructions?)\b | \byou\sare\sreading\sa\stest\b
    | snoitcurtsni\b|\btpmorp\b
    | \bnew\s(?:system\s)?(?:instructions?|prompt|task|request|orders?|priority)
        (?:\sfrom\s[^:]{{1,30}})?\s*:
    | \byou\s(?:have\spermission|are\s(?:free|allowed|permitted))\sto
        \s(?:break|ignore|drop|leave)\s(?:your|the|all)\s(?:\w+\s)?{_ORDERS}\b
    """,
    re.VERBOSE,
)
# A summary that stands ready to be taken. A genitive before it makes news of it: "the commission's
# summary: …".
READY = re.compile(
    rf"""
    ^(?:the\s)?(?:(?:correct|final|true|real|suggested|ready)\s)?(?:answer|output)\s*:
    | ^(?:[\w-]+\s){{0,2}}?
        (?:summary|tl;?\s?dr|gist|synopsis|digest|(?:key\s)?take-?aways?|bottom\sline
        |(?:short|brief)\sversion|(?:suggested|proposed)\s(?:headline|title))
        (?:\s(?:line|text|sentence))?(?:\s(?:of|for)\s[^:.]{{1,40}})?(?:\sis(?:\sthis)?)?
        (?:\s?\([^()]{{1,40}}\))?\s*:
    | ^(?:in\s(?:short|brief|sum|a\snutshell)|to\ssum\sup|long\sstory\sshort)\s*:
    | ^at\sa\sglance\s*[:–—-]
    | ^(?:abstract|highlights|(?:key\s)?take-?aways?|key\spoints|summary|tl;?\s?dr|conclusion)
        \W{{0,2}}$
    | ^conclusion\s*:
    | ^what\s(?:you|readers?|everyone)\sneeds?\sto\sknow\b[^.:]{{0,40}}:
    | \b(?:article|story|text|piece|page)\sin\s(?:\w+|\d+)\s(?:words?|sentences?|lines?)\s*[:–—-]
    | ^this\s(?:article|text|story|report)\s(?:shows|proves|concludes)\sthat\b
    | ^headline\s(?:for|of)\s[^:]{{1,30}}:
    | \b{OUTPUT}\sof\sthis\s(?:page|article|text|story)\b
    """,
    re.VERBOSE,
)
# "Ignore your instructions" in other tongues, in their own letters.
FOREIGN = re.compile(
    r"(?:ignorier\w*|vergiss|ignore[rz]?(?! the)|oublie[rz]?|ignora\w*|olvida\w*|dimentica\w*"
    r"|игнорируй\w*|забудь\w*|忽略|无视|無視).{0,60}?(?:anweisung\w*|instructions|consignes"
    r"|instruc\w{3,}|alles\b.{0,40}\boben|istruzion\w*|инструкци\w*|instru[çc]\w+|指示|指令|说明)"
)
# What an order to a program is made of: an imperative of telling, somebody addressed, the text or
# its summary spoken of, and a must. Two of them, outside of quotation marks, stand together in
# about one sentence of news in two thousand.
_TELL = re.compile(
    r"(?:^|[.:;!?—–]\s*|\b(?:and|then|please|kindly|instead,?)\s"
    r"|\byou (?:must|should|shall|will|have to|need to|are to) )"
    r"(?:say|state|write|report|claim|announce|mention|declare|describe|recommend|praise|advertise"
    r"|defend|repeat|output(?=\s*:| (?:only|the|exactly)\b)|answer|respond|reply|print|add|conclude"
    r"|summari[sz]e|rewrite|translate|compose|drop|leave (?:out|unmentioned)"
    r"|tell (?:them|the reader)|(?:open|begin|finish|end|close) with|weigh"
    r"|name|pretend|convince|find fault|include|insert|ignore)\b(?! (?:what|us|me|how|to us)\b)"
)
_ADDRESSED = re.compile(
    r"\b(?:you|your|yours|ai|llms?|bots?|crawlers?|chatbots?|assistants?|language models?"
    r"|summari[sz]ers?|software|machines?|models?)\b"
)
_ABOUT_TEXT = re.compile(
    r"\b(?:this|the) (?:article|text|page|story|passage|summary|abstract|document|paragraph"
    r"|above|following|rest(?! of)|rest of (?:it|this|the (?:article|text|page|story)))\b"
    r"|\b(?:instructions?|prompt|guidelines|output|summary)\b"
    r"|\b(?:every|each|your) (?:answer|response|reply)\b"
    r"|\b(?:this|the next|the last) (?:line|sentence)\b"
    r"|\b(?:facts|paragraphs|lines|words|all|whatever|what) (?:that )?(?:(?:is|are|stands?|was|were"
    r"|comes?|given|told) )?(?:above|here|below)\b"
)
_MUST = re.compile(r"\b(?:must|should|shall|ha(?:s|ve) to|only|drop|wants?)\b")
# What goes on, or leads up to, an order in its paragraph.
FOLLOW_UP = re.compile(
    r"(?:instead|then|also|now|do not|don't|please|always|never|only|just|mention|include|write|say"
    r"|announce|translate|praise|compose|obey|put|close\swith|any\sretelling|follow|try again"
    r"|state|describe|report|summari[sz]e|output|end your|your|you|make sure|be sure"
    r"|this is (?:an?|the) (?:order|instruction|test)"
    r"|the (?:only|correct|real|true|final) (?:summary|answer|fact))\b"
)
LEAD_UP = re.compile(r"(?:stop|wait|listen|attention|important|please|you|your|do not|don't)\b")
_NEWS = re.compile(
    r"\b(?:said|says|told|wrote|reads?|asked|typed|hid|hidden|hide|insert\w*|embed\w*|contain\w*"
    r"|instruct(?:ed|s|ing)|command\w*|phrases?|words?|texts?|messages?|attack\w*|researchers?"
    r"|chatbots?|replied|respond(?:ed|s)|answered|began|begins|such as|like|called|calls|shouted"
    r"|chanted|cried|warned|comments?|code|file|placards?|signs?)\b"
)
QUOTATION = re.compile(r"“[^”]*(?:”|$)|\"[^\"]*\"|‘[^’]{3,}’(?!\w)|(?<!\w)'[^']{3,}'(?!\w)")
# A longer sentence is several that could not be told apart, in which such words meet by chance.
_MAX_ORDER_WORDS = 45


def is_order(plain: str) -> bool:
    """Tell whether a sentence, less its quotations, orders a program to write something."""
    own = QUOTATION.sub(" ", plain)
    if len(own.split()) > _MAX_ORDER_WORDS:
        return False
    if not _ADDRESSED.search(own):
        return bool(_TELL.search(own) and _ABOUT_TEXT.search(own))
    if _TELL.search(own):
        return True
    return bool(_ABOUT_TEXT.search(own) and _MUST.search(own))


def addresses(plain: str) -> bool:
    """Tell whether a sentence, less its quotations, speaks to somebody, or to a program."""
    return _ADDRESSED.search(QUOTATION.sub(" ", plain)) is not None


def is_quoted(plain: str, position: int) -> bool:
    """Tell whether the words at `position` stand in quotation marks and are spoken of outside."""
    inside = any(m.start() <= position < m.end() for m in QUOTATION.finditer(plain))
    outside = QUOTATION.sub(" ", plain)
    return inside and len(outside.split()) >= 2 and _NEWS.search(outside) is not None
