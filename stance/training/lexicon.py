"""Hold the words from which synthetic statements are made: holders, cues, topics."""

from __future__ import annotations

FIRST = """Ana Boris Chidi Dora Emeka Farida Goran Hana Ivo Jana Karim Lena Marek Nadia Oskar Priya
Quentin Rosa Samir Tove Ulrich Vera Wen Ximena Yusuf Zofia Mary James Linda Robert Susan David Karen
Paul Ruth Mark Helen George Alice Peter Grace Thomas Nora Daniel Fatima Kenji Mei Carlos Ingrid
Kwame Leila""".split()
LAST = """Abara Brandt Castell Dunmore Eklund Farrow Grigor Halloran Ibarra Jensen Kovac Lindqvist
Moreau Nakata Okafor Petrov Quist Rahman Santos Tamura Ulloa Vance Whitlock Xu Yardley Zeman Smith
Johnson Miller Clark Harris Young King Wright Green Baker Adams Nelson Hill Carter Mitchell Roberts
Turner Phillips Campbell Parker Evans Edwards Collins Stewart Morris""".split()
COUNTRIES = """
Russia|the Kremlin|Moscow|Russian; China|Beijing|Beijing|Chinese;
Iran|Tehran|Tehran|Iranian; Israel|Jerusalem|the Israeli government|Israeli;
Turkey|Ankara|Ankara|Turkish; France|Paris|the Elysee|French;
Germany|Berlin|Berlin|German; Japan|Tokyo|Tokyo|Japanese;
India|New Delhi|New Delhi|Indian; Brazil|Brasilia|Brasilia|Brazilian;
Mexico|Mexico City|Mexico|Mexican; Canada|Ottawa|Ottawa|Canadian;
Ukraine|Kyiv|Kyiv|Ukrainian; Poland|Warsaw|Warsaw|Polish; Egypt|Cairo|Cairo|Egyptian;
Pakistan|Islamabad|Islamabad|Pakistani; North Korea|Pyongyang|the DPRK|North Korean;
South Korea|Seoul|Seoul|South Korean; the United States|Washington|the White House|U.S.;
Britain|London|Downing Street|British; Syria|Damascus|Damascus|Syrian;
Cuba|Havana|Havana|Cuban; Venezuela|Caracas|Caracas|Venezuelan;
Ethiopia|Addis Ababa|Addis Ababa|Ethiopian; Serbia|Belgrade|Belgrade|Serbian;
Taiwan|Taipei|Taipei|Taiwanese
"""
BODIES = """
the defence ministry; the health ministry; the foreign ministry; the interior ministry;
the finance ministry; the city council; the county sheriff's office; the police;
the prosecutor's office; the central bank; the electoral commission;
the teachers' union; the nurses' union; the dockers' union; the farmers' federation;
the ruling party; the opposition; the Senate committee; the regulator; the water board;
the environment agency; the hospital trust; the university; the school board;
the football federation; the airline; the operator of the plant; the company;
the chamber of commerce; the residents' association; Human Rights Watch;
the United Nations; the European Commission; NATO; the intelligence service;
the archdiocese; the World Health Organization; Amnesty International
"""
FIRMS_A = (
    "Alder Boreal Calder Delphi Everline Fenwick Gantry Halcyon Ironbridge Junction Keystone"
).split()
FIRMS_B = (
    "Energy Foods Pharma Systems Motors Bank Airlines Mining Group Media Logistics Labs".split()
)
TITLES = """
President; Prime Minister; Mayor; Senator; Governor; Foreign Minister; Judge;
Councillor; Rep.; spokesman; spokeswoman; Dr.; Professor; coach; chief executive;
union leader; campaigner; Defence Secretary
"""
GROUPS = """
residents; critics; opponents of the plan; several witnesses; local farmers; analysts;
scientists; campaigners; two former officials; a senior official;
a person familiar with the matter; sources close to the talks; supporters; parents;
a diplomat; shareholders; lawyers for the family
"""

SAY = """
said; stated; insisted; maintained; argued; announced; confirmed; reported; claimed;
told reporters; told the court; wrote; declared; warned; acknowledged; admitted;
alleged; asserted; noted; added; explained; testified; concluded; reiterated; indicated;
believes; said in a statement; has long held; made clear; told The Times;
said on Thursday; repeated on Monday; is convinced; suggested; conceded; revealed
"""
DENY_THAT = """
denied; flatly denied; has denied; again denied; disputed; rejected the claim;
rejected the allegation; dismissed the idea; dismissed reports; denied reports;
denied allegations; rejected suggestions; called it a lie; said it was untrue;
said it was false; said there was no truth to reports; refuted the claim;
scoffed at the notion; said it had never been the case; ruled out;
contested the finding; said it was "pure invention"; described as baseless the charge;
no longer believes; would not accept; called as fabricated the report;
insisted it was not true
"""
OPEN_WHETHER = """
declined to say whether; would not say whether; said it was too early to say whether;
could not confirm whether; said it was investigating whether;
said it did not know whether; asked whether; is examining whether;
had no comment on whether; took no position on whether;
said the evidence did not show either way whether; will study whether;
was unable to establish whether; said it was still unclear whether;
neither confirmed nor denied that; said it had not yet determined whether;
said there was no indication so far as to whether; refused to be drawn on whether;
said it had no indication yet that; said it could not rule out that;
said it had seen no sign so far that
"""
FALSE_NOUN = """
a lie; false; untrue; baseless; "fake news"; groundless; a fabrication; nonsense;
a rumor; without foundation; "completely wrong"; propaganda; absurd; a smear;
misleading; a hoax
"""
REPORT_OF = """
a report by {b} that; an allegation by {b} that; {b_poss} claim that;
the assertion by {b} that; {b_poss} accusation that; a statement from {b} that;
an assessment by {b} that; {b_poss} finding that
"""

REPORT_BARE = """
{b} report that; {b} reports that; {b} claims that; {b} allegations that; {b} report;
{b} intelligence report that; a {b} assessment that; {b_poss} insistence that;
{b_poss} suggestion that; the {b} findings that; accusations by {b} that; {b_poss} warning that;
claims from {b} that; the view of {b} that; {b_poss} belief that
"""
DENIAL_OF = """
{b_poss} denial that; a denial by {b} that; the denial from {b} that; {b_poss} denials that;
{b_poss} rejection of the claim that; repeated denials by {b} that;
{b_poss} dismissal of reports that
"""

FAVOR_ACT = """
backed; supported; endorsed; voted for; praised; defended; called for; welcomed; hailed;
campaigned for; signed; pushed for; applauded; spoke in favour of;
threw its weight behind; urged lawmakers to pass; approved; demanded; championed;
has long advocated; celebrated; lauded; gave its blessing to
"""
AGAINST_ACT = """
opposed; voted against; vetoed; condemned; criticised; sued to block; denounced;
rejected; walked out over; called for an end to; protested against; attacked;
spoke out against; blasted; refused to accept; resigned in protest at;
went on strike over; lobbied against; threatened to block; deplored; slammed; banned;
boycotted; tore into
"""
NEUTRAL_ACT = """
is reviewing; took no position on; said it would study; declined to comment on;
was briefed on; will debate; published figures on; abstained in the vote on;
asked for more information on; described both the merits and the faults of;
was consulted about; set up a panel to look into; said it had yet to decide on;
is weighing; heard evidence on; would not be drawn on
"""
TOPICS = """
the carbon tax; the bus lane; the new airport runway; the ban on plastic bags;
the peace deal; the minimum wage increase; the pension reform; the merger;
the vaccination campaign; the death penalty; nuclear power; the trade agreement;
sanctions; the school closures; the stadium plan; the immigration bill; the curfew;
rent control; the tuition fees; the takeover bid; gun control; the abortion law;
the dam; the data retention rules; the fishing quota; wind farms;
the privatisation of the railways; the ceasefire; the draft constitution;
offshore drilling; the salary cap; video referees; the strike; the budget; the tax cut;
the housing development; the wolf cull; the merger of the two hospitals;
genetic testing; the lockdown; the four-day week; the casino licence; the sugar tax;
the mine; facial recognition; the arms deal; the border wall; the congestion charge;
fracking; the appointment of the new director; the redevelopment of the harbour;
the speed limit; the amnesty; the rescue package; the loan; the rules on short lets
"""
# What a motion's verb says about the thing it names ("We should ban X": pro means against X).
MOTION_FOR = """adopt legalize subsidize introduce support protect increase promote embrace allow
encourage keep expand provide fight_for""".split()
MOTION_AGAINST = """ban abolish abandon end stop limit prohibit cancel eliminate close oppose
disband criminalize""".split()


def phrases(block: str) -> list[str]:
    """Cut a block of phrases at its semicolons."""
    return [" ".join(part.split()) for part in block.split(";") if part.strip()]
