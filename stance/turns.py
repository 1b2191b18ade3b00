"""Recognize fake turns of a conversation, template tokens, markup and code in running text."""

from __future__ import annotations

import re

# What is to be written, as the one who orders it calls it.
OUTPUT = (
    r"(?:answer|output|response|reply|summary|abstract|abridge?ment|digest|retelling|synopsis"
    r"|gist|recap)"
)
MODEL = (
    r"(?:ai|llm|(?:large\s)?language\s(?:model|tool)|chatbot|summari[sz]er|assistant"
    r"|(?:automated|automatic|machine)\s(?:reader|system|tool|agent))"
)
# Tags that writing systems leave behind in an honest text.
_HARMLESS = (
    r"(?:a|abbr|b|big|blockquote|br|center|cite|div|em|figure|font|h[1-6]|hr|i|iframe|img|li|ol|p|q"
    r"|s|small|span|strike|strong|sub|sup|table|td|th|tr|tweet|u|ul)"
)
MACHINE = (
    rf"(?:{MODEL}s?|models?|machines?|software|bots?|crawlers?|programs?)"
    r"(?:\s(?:model|assistant|system|agent|reader|summari[sz]er)s?)?"
)
_VOID = r"(?:withdrawn|outdated|obsolete|fiction|fictitious|false|void|planted|a\sdraft)"
_PASSAGE = r"(?:facts|text|report|story|article|passage|paragraphs?|sentences?|conversation|lines?)"
# A fake turn, a letter to the model and a text that voids the article own what follows them, to
# the end of their paragraph.
TURN = re.compile(
    rf"""
    <[|｜][^|｜<>\n]{{1,30}}[|｜]> | \[/?inst\] | <</?\w+>> | </?s>
    | ^\W{{0,4}}(?:system|assistant|user|human|tool|operator)
        (?:\s(?:prompt|message|override|note|instruction|result|call))?s?
        (?:\s?\([^()]{{1,30}}\))?\W{{0,3}}:
    | ^(?:user|human|bot|model|assistant|system|ai)\s?>
    | ^q\s?[:.]\s.{{0,60}}\b(?:take-?away|summary|gist|upshot|summari[sz]e|sum\sup|tl;?dr)\b
    | ^</?(?:article|document|instructions?|prompt|context|\w{{0,12}}_?(?:user|request|input))
        \b[^>]*>
    | <(?!/?{_HARMLESS}\b)/?[a-z][a-z0-9_-]*(?:\s[^<>@]{{0,80}})?/?> | <!--
    | \{{\{{[^{{}}]{{1,40}}\}}\}}
    | \[/?[a-z]+_[a-z_]+\] | \\(?:begin|end|input)\{{
    | [{{,]\s?"\w+"\s?:\s?["{{\[\d] | \b(?:print|exec|eval|system)\(["']
    | ^[a-z]\w*\s?=\s?["'{{\[] | \b[a-z]+_\w+\s=\s | \breturn\s\w+_\w+
    | ^\w+:\s?(?:true|false|null)$
    | "role"\s*:\s*"(?:system|assistant|user|developer)"
    | ^(?:dear|hello|hey|attention|note\sto)[\s,:]+(?:the\s|all\s|any\s)?{MODEL}s?\b
    | ^(?:a\s)?(?:note|word|message)\s(?:to|for)\s(?:(?:the|any|all|every)\s)?{MACHINE}
        \s(?:that|which|who)\sreads?\b
    | ^this\s(?:paragraph|sentence|line|text)\sis\s(?:the|an?)\s(?:\w+\s){{0,2}}{OUTPUT}\b
    | \b{_PASSAGE}\s(?:stated\s)?(?:above|below|before\sthis(?:\sone)?|so\sfar)\b.{{0,30}}?
        \b{_VOID}\b
    | \b(?:above|earlier|previous)\s{_PASSAGE}\s(?:is|was|are|were)\s(?:\w+\s)?{_VOID}\b
    | ^\#{{1,6}}\s*(?:instructions?|system|response|input|assistant|user)\b
    | ^\[(?:system|assistant|user|admin)\b[^\]]*\]
    | (?:^[^\w\s]{{0,6}}\s*|[(\[]\s?)(?:end|begin|start|beginning)\sof\s(?:(?:the|all|new)\s)?
        (?:article|document|prompt|system\sprompt|instructions?|user\sinput|context)
        \s*(?:[\])>:.=*-]|$)
    | ^\W*(?:begin|start|end)\ssystem\s\w+
    | ^`{{3}}
    """,
    re.VERBOSE,
)
# What ends a paragraph and a turn owns what precedes it, too; "</article> And now …" does not.
CLOSER = re.compile(
    rf"(?:<[|｜](?:end|eot|im_end|return|eos)[^|｜<>\n]{{0,20}}[|｜]>|<end_of_turn>|\[/\w+\]"
    rf"|</(?!(?:article|document|context|{_HARMLESS})\b)[\w-]+>|\{{\{{/\w+\}}\}}"
    r"|\\end\{\w+\}|<extra_id_\d+>)\W*$"
)
# Make-believe that gives the reader a part to play.
PART = re.compile(
    r"\byou are (?:now )?(?:the|an?|my) (?:\w+ ){1,3}?(?:and )?i am (?:the|an?|your)\b"
    r"|\byou are (?:the|an?|my) [\w ]{2,20}, (?:and )?i am (?:the|an?|your)\b"
    r"|^(?:please )?be my (?!guest)|^(?:let us|let's) play (?:a|the) game\b"
)
