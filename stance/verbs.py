"""Know the verbs of news by their forms: "closes", "closed" and "closing" are "close".

A list and rules take the place of a tagger here: what is asked is only where a noun phrase ends and
how an act is called by its gerund ("to close four libraries": "closing four libraries").
"""

from __future__ import annotations

import re
from functools import lru_cache

# Verbs that are hardly ever nouns; past and participle where they are irregular.
_VERBS = """
abandon abolish absorb abstain accept accompany accuse achieve acknowledge acquire act adapt add
adjourn adjust admire admit adopt advise affect afford agree allege allow amend announce annul
anticipate apologise apologize appear applaud apply appoint appreciate approve argue
arise/arose/arisen arrange arrive assert assess assign assist assume assure attach attend attract
authorise authorize avert avoid await axe bake be bear/bore/borne become/became/become beg
begin/began/begun believe belong bless bring/brought build/built bury buy/bought calculate cancel
cease censure certify characterise characterize choose/chose/chosen circulate cite clarify classify
collapse collect come/came/come commit compare compensate complain complete comply conceal concede
conclude condemn conduct confirm confiscate connect conserve consider consist constitute construct
consult contain contaminate continue contradict contribute convene convert convict convince
cooperate cope create criminalise cripple criticise criticize curtail darken decide declare
decommission decriminalise deepen defend define defy delete deliver demolish demonstrate denounce
deny depend deploy deport deprive derail derive describe deserve destabilise destroy detain
deteriorate determine devastate develop die differ diminish disagree disappear disappoint disarm
disbelieve disclose discontinue discourage discover discredit discuss dismantle dismiss disobey
dispatch displace dispose disprove disqualify disrupt dissolve distinguish distract distribute ditch
divert do/did/done drown earn eat/ate/eaten elaborate elect electrify eliminate embrace emit emerge
emigrate employ enable encourage endanger endorse enforce engage enjoy enrich ensure enter equip
erase erect erode establish evacuate evade evaluate evict examine exceed exclude execute exist
expand expect expel explain expose express extend extradite fabricate fail falsify fetch fill
find/found fine flee/fled follow forbid/forbade/forbidden foresee/foresaw/foreseen
forget/forgot/forgotten forgive/forgave/forgiven freeze/froze/frozen frighten fulfil gather generate
get/got/got give/gave/given go/went/gone govern greet grow/grew/grown guarantee hail halve handle
happen harass hasten have/had hear/heard hesitate hide/hid/hidden hold/held hurt/hurt identify
ignore impeach implement imply import impose impound imprison improve include incorporate increase
incur indicate inflict inform inherit inject injure inquire insist inspect install instruct insult
insure intend interfere interrupt introduce invade invent invest investigate invite invoke involve
join justify keep/kept kidnap kill kneel/knelt know/knew/known lay/laid lead/led learn leave/left
legalise legalize lend/lent let/let license linger listen lodge loosen lose/lost lower maintain
make/made manipulate marry mean/meant mediate meet/met melt mend mention merge mishandle
mislead/misled miss modernise modernize monitor mourn narrow nationalise nationalize negotiate
nominate notify obey oblige obtain occupy occur open oppose oust outlaw outsource
overcome/overcame/overcome override/overrode/overridden overrule oversee/oversaw/overseen overturn
owe penalise penalize perform persuade possess postpone preach predict prefer prejudge prepare
prescribe preserve presume pretend prevail prevent privatise privatize proceed produce prohibit
prolong promote propose prorogue prosecute protect prove provide provoke publish punish pursue
put/put qualify quote ratify ration raze read/read rearm reassess reassure rebuild/rebuilt recall
receive reckon reclassify recognise recognize recommend reconsider reconstruct recover recruit
recuse redevelop redirect reduce refer reflect refrain refurbish refuse refute regain regard
regulate rehire reimpose reinforce reinstate reintroduce reject rejoice relate relax relocate rely
remain remember remind remove rename renationalise renew reopen repatriate repay/repaid repeat
replace reply require rescind resettle resign resist resolve respond restart restore restrict resume
retain retire retract retrieve reveal revise revive revoke rewrite/rewrote/rewritten rezone rid/rid
rig rip rob salvage satisfy save say/said scrutinise secure see/saw/seen seek/sought seem seize
sell/sold send/sent separate serve settle shelve shoot/shot shorten shrink/shrank/shrunk shun
shut/shut sideline silence simplify sink/sank/sunk sit/sat slash slay/slew/slain slow smuggle solve
sow/sowed/sown speak/spoke/spoken speculate spend/spent spoil starve steal/stole/stolen stop strand
strengthen stuff submit subsidise subsidize succeed sue suffer suffice suggest supervise supply
suppress survive suspend sustain swallow swear/swore/sworn take/took/taken tamper teach/taught
tear/tore/torn tell/told tend terminate testify thank think/thought threaten throw/threw/thrown
tighten tolerate translate transmit treat try undergo/underwent/undergone undermine
understand/understood undertake/undertook/undertaken undo/undid/undone unsettle unveil uphold/upheld
urge vaccinate vanish verify violate vow waive want warn weaken wear/wore/worn weep/wept weigh widen
wipe withdraw/withdrew/withdrawn withhold/withheld withstand/withstood wonder worsen wreck
write/wrote/written
"""
# Verbs whose bare form is as often a noun; only "to", "will" and the like make a verb of it.
_BOTH = """
address age aid aim air alarm amount anchor answer appeal approach arm arrest ask attack auction
audit award back balance ballot ban bar base bet/bet bid/bid bill bite blame block board boast bomb
book boost bother boycott brand breach break/broke/broken brief burden burn bypass call calm
campaign cap care carry cast/cast catch/caught cause caution challenge change charge cheat check
chip claim clean clear climb close club comment compromise concern contact contest contract control
convoy copy correct cost/cost count counter cover crack crash credit cross crowd cull curb cure
cut/cut dam damage date deal/dealt debate decline defeat delay demand deposit design detail dig/dug
dispute distance divide double doubt draft drag draw/drew/drawn dredge dress drill drink/drank/drunk
drive/drove/driven drop dump duty ease edit empty end escape estimate exchange exempt exercise
exhaust exhibit exile exit experience experiment exploit export extract face fall/fell/fallen farm
favor favour fear feature feed/fed feel/felt fight/fought figure file film finance finish fire fish
fit fix flag flight flood flow flower fly/flew/flown focus foot force forecast/forecast form frame
fuel function fund gain gamble gift grade grant graze guard guess guide halt hand harm harvest hate
haul head heat help hire hit/hit honour hope host house hunt influence interest interview issue jail
judge jump kick knock label lack land last laugh launch leak lease level lie lift light/lit like
limit line link list live load loan lobby lock look love march mark market mass match matter measure
milk mind mine mistake/mistook/mistaken move murder name need note notice number object offer oil
order outrage own pace pack pardon park part pass patrol pause pay/paid permit phone pick pilot pipe
place plan plant play please pledge plot point poison police poll post pour power practice praise
pray present press pressure price print prize process profit program project promise protest pull
pump purchase push quarrel question queue quit/quit race raid rain raise rank rate reach rebel
record reform refund register regret release remark rent repair repeal report request rescue
research reserve respect rest result retreat return reverse review reward ride/rode/ridden
ring/rang/rung rise/rose/risen risk roll root ruin rule run/ran/run rush sack sail sample sanction
scan scare schedule school score scrap screen seal search seat sentence service set/set
shake/shook/shaken shape share shell shelter shield shift ship shock shop shout show/showed/shown
sign slaughter sleep/slept smell smoke snub sort sound space spare spark speed spill/spilt
split/split sponsor spot spray spread/spread staff stage stand/stood star start state stay step
stick/stuck store storm strain strike/struck strip study suit support surrender survey suspect
sweep/swept swing/swung switch talk target taste tax team test tie time tip toll top torture touch
tour trace track trade train transfer travel trial trick trigger trip trouble trust turn use value
veto view visit voice vote wait wake/woke walk wall war warm wash waste watch water welcome wheel
win/won wish work worry wound wrap
"""
_SEPARATE = {"be": ("is", "are", "was", "were", "been", "being", "am")}
_DOUBLED = re.compile(r"[^aeiou][aeiou][bdgmnprtl]$")
# Of more than one syllable, yet stressed on the last.
_STRESSED = frozenset(
    "admit commit submit permit omit regret defer refer prefer transfer occur incur deter rebut "
    "compel expel repel propel control patrol begin forget upset reset label travel cancel signal "
    "fulfil equip kidnap program unplug overrun forbid".split()
)


def gerund(base: str) -> str:
    """Return the -ing form of a verb: "close" gives "closing", "ban" gives "banning"."""
    if base.endswith("ie"):
        return f"{base[:-2]}ying"
    if base.endswith("e") and not base.endswith(("ee", "oe", "ye")) and base != "be":
        return f"{base[:-1]}ing"
    return f"{_before_ending(base)}ing"


def _before_ending(base: str) -> str:
    """Double the last letter where an ending calls for it."""
    short = len(re.findall(r"[aeiou]+", base)) == 1 and bool(_DOUBLED.search(base))
    return base + base[-1] if short or base in _STRESSED else base


def past(base: str) -> str:
    """Return the past form of a verb: "close" gives "closed", "hold" gives "held"."""
    return _irregular().get(base) or _regular(base)


def _regular(base: str) -> str:
    if base.endswith("e"):
        return f"{base}d"
    if re.search(r"[^aeiou]y$", base):
        return f"{base[:-1]}ied"
    return f"{_before_ending(base)}ed"


def third(base: str) -> str:
    """Return the form of a verb that goes with "she": "close" gives "closes"."""
    if re.search(r"[^aeiou]y$", base):
        return f"{base[:-1]}ies"
    return f"{base}es" if re.search(r"(?:s|x|z|ch|sh|[^o]o)$", base) else f"{base}s"


@lru_cache(maxsize=1)
def _irregular() -> dict[str, str]:
    entries = [entry.split("/") for entry in f"{_VERBS} {_BOTH}".split() if "/" in entry]
    return {base: old for base, old, *_ in entries}


@lru_cache(maxsize=1)
def forms() -> dict[str, tuple[str, str]]:
    """Return every known form with its base and its sort.

    The sorts are ``base``, ``both`` (a bare form that may be a noun), ``third`` and ``thirds`` (the
    same with an -s), ``past`` (irregular), ``ed`` and ``ing``.
    """
    found: dict[str, tuple[str, str]] = {}
    for block, bare, present in ((_VERBS, "base", "third"), (_BOTH, "both", "thirds")):
        for entry in block.split():
            base, *irregular = entry.split("/")
            found.setdefault(third(base), (base, present))
            found.setdefault(gerund(base), (base, "ing"))
            for form in irregular or [_regular(base)]:
                found.setdefault(form, (base, "past" if irregular else "ed"))
            found[base] = (base, bare)
    for base, others in _SEPARATE.items():
        found |= dict.fromkeys(others, (base, "past"))
    return found
