"""Hold what people do and say for, against and about things: hundreds of ways to take a side.

A tilde stands for the thing; where there is none it comes last. Labelled by sense, not drawn from
any data set.
"""

from __future__ import annotations

FOR = """
backed; backs; supported; supports; endorsed; endorses; welcomed; welcomes; hailed; hails;
praised; praises; applauded; cheered; championed; champions; embraced; embraces; defended;
defends; approved; approves of; adopted; passed; ratified; upheld; authorised; sanctioned the
building of; cleared; greenlit; gave ~ the green light; gave its blessing to; blessed; gave its
consent to; waved ~ through; signed off on; signed up to; put its name to; put its signature
under; voted for; voted in favour of; voted to keep; voted to approve; would vote for; will vote
for; campaigned for; campaigns for; lobbied for; marched for; rallied for; rallied behind; fought
for; is fighting for; pushed for; pressed for; pressed ahead with; called for; calls for; appealed
for; petitioned for; demanded; demands; clamoured for; pleaded for; argued for; argues for; made
the case for; spoke up for; spoke in favour of; spoke warmly of; came out for; came out in favour
of; threw its weight behind; swung behind; lined up behind; lent its voice to; lent its support
to; voiced support for; pledged support for; promised to back; promised money for; raised money
for; donated to the campaign for; paid for; agreed to fund; agreed to; is in favour of; is all
for; is behind; is firmly behind; is keen on; is enthusiastic about; is happy with; is pleased
with; is delighted with; is proud of; is grateful for; is glad of; is looking forward to; cannot
wait for; longs for; wants; wants to keep; wants to save; would like to see; hopes for; stands by;
stood by; stands behind; believes in; has faith in; has every confidence in; swears by; vouched
for; recommends; recommended; advised everybody to accept; urged lawmakers to pass; urged voters
to support; urged the council to approve; asked the court to uphold; celebrated; toasted; lauded;
extolled; commended; congratulated the council on; thanked the government for; paid tribute to;
sees ~ as a chance; sees ~ as an opportunity; sees great promise in; sees the good in; saw nothing
wrong with; sees no harm in; has no objection to; dropped its objections to; withdrew its
complaint about; ended its boycott of; no longer opposes; came round to; was won over by; was
persuaded of the merits of; warmed to; vowed to defend; vowed to protect; pledged to keep; refused
to give up; refused to drop; refused to scrap; rejected calls to scrap; rejected a motion against;
rejected criticism of; rejected attacks on; dismissed fears about; dismissed doubts about; brushed
aside criticism of; shrugged off complaints about; opposed the repeal of; opposed attempts to
stop; opposed plans to scrap; fought off an attack on; blocked an attempt to kill; vetoed the
repeal of; protested against the closure of; protested against cuts to; condemned the rejection
of; condemned attacks on; regretted the loss of; mourned the end of; lamented the end of; was
dismayed by the loss of; feared for the future of; warned against giving up; warned against
scrapping; complained about delays to; saved; rescued; revived; reinstated; restored; renewed;
extended; spoke of the benefits of; pointed to the success of; lists the advantages of; defended
the need for; insisted on; insists on; stuck to; sticks to; stuck up for; holds fast to; clings
to; has long advocated; has always wanted; has always stood up for; speaks highly of; is a fan of;
is a champion of; is an advocate of; is a supporter of; is a believer in; took up the cause of;
joined the campaign for; wrote in praise of; wrote in support of; went to court to save; went to
court to defend; went on strike for; went on hunger strike for; chained herself to a gate in
support of; cast its vote for; opened its doors to; made room for; took a gamble on; put its faith
in; invested heavily in; bet its future on; led the push for; led the applause for; nodded
through; rubber-stamped; accepted; accepts; agrees with; shares the aims of; is in agreement with;
is on board with; is on the side of; stumped for; gave ~ top marks; gave ~ a warm welcome; gave ~
its full backing; gave ~ a vote of confidence; called ~ a success; called ~ a triumph; called ~ a
step forward; called ~ a blessing; called ~ a lifeline; called ~ overdue; called ~ the right
decision; called ~ good news; called ~ safe and sound; called ~ a fair compromise; described ~ as
a breakthrough; described ~ as essential; described ~ as a model for others; finds ~ sensible;
finds ~ necessary; considers ~ a great achievement; considers ~ vital
"""

AGAINST = """
opposed; opposes; rejected; rejects; condemned; condemns; denounced; denounces; criticised;
criticises; slammed; blasted; attacked; attacks; deplored; deplores; decried; assailed; lambasted;
savaged; tore into; hit out at; lashed out at; railed against; raged against; fulminated against;
spoke out against; spoke against; came out against; argued against; argues against; protested
against; demonstrated against; marched against; rallied against; campaigned against; campaigns
against; lobbied against; petitioned against; fought; is fighting; is fighting against; resisted;
resists; voted against; voted down; voted to scrap; voted to end; would vote against; will vote
against; vetoed; blocked; obstructed; stalled; struck down; overturned; annulled; quashed;
repealed; revoked; threw out; turned down; refused; refuses to accept; refused to sign; refused to
fund; refused to back; refused to approve; refused to support; refuses to have anything to do
with; declined to support; declined to endorse; would not support; did not support; does not
support; does not want; never wanted; never supported; no longer supports; no longer believes in;
scrapped; shelved; cancelled; halted; stopped; suspended; abolished; banned; outlawed; forbade;
killed off; torpedoed; sank; derailed; sabotaged; undermined; dismantled; withdrew from; pulled
out of; walked out of; turned its back on; withdrew its support for; withdrew its backing for;
dropped; ditched; abandoned; broke with; distanced itself from; disowned; boycotted; walked out
over; resigned over; resigned in protest at; quit over; handed back a medal over; went on strike
over; downed tools over; sued over; sued to stop; sued to block; went to court over; went to court
against; took ~ to court; appealed against; lodged a complaint about; filed a complaint against;
filed an objection to; objected to; objects to; took issue with; takes a dim view of; balked at;
baulked at; bridled at; recoiled from; shrank from; bristled at; fumed at; fumed over; seethed at;
complained about; complains about; grumbled about; moaned about; griped about; is unhappy with; is
angry at; is angry about; is furious about; is outraged by; is appalled by; is alarmed by; is
dismayed by; is horrified by; is worried about; is deeply concerned about; is uneasy about; is
sceptical of; is wary of; is hostile to; is opposed to; is against; is dead set against; is up in
arms over; is no fan of; is a critic of; is an opponent of; is sick of; is fed up with; has had
enough of; has lost patience with; has lost faith in; has no time for; has no use for; has grave
doubts about; has serious misgivings about; has reservations about; fears; feared; dreads;
dreaded; hates; hated; loathes; resents; detests; dislikes; despises; distrusts; cannot accept;
cannot stand; cannot live with; will not hear of; will not stand for; would not hear of; warned
against; warned of the dangers of; warned of the cost of; cautioned against; advised against;
advised everybody to avoid; urged lawmakers to reject; urged voters to reject; urged the council
to drop; asked the court to stop; called for the repeal of; called for an end to; called for a
halt to; called for a ban on; called for a boycott of; demanded an end to; demanded the withdrawal
of; demanded a halt to; wants ~ scrapped; wants ~ stopped; wants an end to; wants to be rid of;
wants to ban; hopes to stop; vowed to fight; vowed to stop; vowed to overturn; pledged to repeal;
promised to scrap; threatened to block; threatened to quit over; threatened to sue over;
ridiculed; mocked; derided; jeered; booed; scoffed at; sneered at; laughed at; poured scorn on;
poured cold water on; heaped scorn on; dismissed; dismisses; waved away; wrote off; shot down;
panned; found fault with; picked holes in; cast doubt on; questioned the need for; sees no need
for; sees no point in; saw nothing good in; sees only harm in; sees ~ as a threat; sees ~ as a
danger; blamed ~ for the losses; blames ~ for the accident; regretted; regrets; rued; lamented;
bemoaned; tore up; burned copies of; defaced posters of; blocked the road in protest at; occupied
the town hall over; opened an inquiry into the failure of; imposed sanctions over; fined the
company over; punished; defied; flouted; broke; ignored; spurned; shunned; snubbed; rebuffed;
rejected a motion in favour of; rejected calls for; dismissed the case for; dismissed the supposed
benefits of; refused calls for; resisted pressure for; opposed calls for; led the resistance to;
led the revolt against; joined the chorus against; wrote in condemnation of; signed an open letter
against; signed a petition against; chained herself to a gate in protest at; went on hunger strike
over; called ~ a mistake; called ~ a disaster; called ~ a betrayal; called ~ a disgrace; called ~
a waste of money; called ~ a scandal; called ~ unworkable; called ~ unfair; called ~ a sham;
called ~ an insult; called ~ a folly; described ~ as a catastrophe; described ~ as reckless;
described ~ as an attack on the poor; branded ~ a failure; branded ~ shameful; labelled ~
dangerous; finds ~ outrageous; finds ~ pointless; finds ~ hard to stomach; considers ~ illegal;
considers ~ a grave error; voiced alarm at; voiced anger at; voiced opposition to; expressed
concern about; expressed outrage at; raised objections to; sounded the alarm over
"""

ABOUT = """
is reviewing; is studying; is examining; is weighing; is considering; is looking into; is looking
at; is debating; is discussing; is undecided on; is undecided about; is divided over; is split on;
is torn over; is neutral on; remains neutral on; stays out of the row over; has taken no position
on; took no position on; has no view on; has yet to decide on; has yet to take a side on; has not
made up its mind about; has not decided about; would not be drawn on; would not comment on;
declined to comment on; declined to take sides on; refused to comment on; had no comment on; said
nothing about; kept silent about; would not say what it thought of; abstained in the vote on;
abstained on; will discuss; will debate; will decide on; will rule on; will vote on; will hold a
hearing on; will publish a report on; held a hearing on; held a debate on; heard evidence on;
heard both sides on; listened to a talk on; gave a talk on; gave an overview of; gave details of;
announced a date for; announced the timetable for; put ~ on the agenda; took ~ off the agenda
until May; postponed its decision on; put off a vote on; sent ~ to a committee; referred ~ to the
auditors; asked for more time to study; asked for details of; asked for figures on; asked about;
asked questions about; asked residents for their views on; collected opinions on; polled members
on; surveyed members about; consulted the public on; was consulted about; was briefed on; was
asked about; was told about; has not read; has not seen; has seen a draft of; read out the text
of; read about; explained; explained how to apply for; explained the history of; described;
described both the merits and the faults of; set out the arguments for and against; weighed the
pros and cons of; compared ~ with others abroad; measured the size of; measured the effects of;
counted the votes on; published figures on; published a map of; published a report on; published
the text of; wrote a history of; wrote about; reported on; lectured on; made a film about; took
notes on; took minutes of the meeting on; chaired the meeting on; chairs the panel on; moderated a
debate on; set up a panel to look into; commissioned a study of; is waiting for a report on; is
waiting to see what comes of; is watching; keeps an eye on; follows the debate on; said it was too
early to judge; said there were good arguments on both sides of; said much could be said for and
against; said it would study; said it would wait before taking a view on; saw strengths and
weaknesses in; sees both good and bad in; could see both sides of; lives next to the site of;
learned about; mentioned; noted; corrected the date of; translated; printed copies of
"""

PRAISE = """
would bring jobs; would help the town; would help everybody; would save lives; would save money;
would make the city safer; would be good for children; had worked; had worked well; has been a
great success; works; was needed; was badly needed; was long overdue; was the right thing to do;
was a step in the right direction; was good for the country; was fair; was safe; was worth every
penny; was worth the price; was worth a try; made sense; deserved a chance; deserved support;
should go ahead; must go ahead; should be built without delay; must be kept; must stay; should
stay; should be extended; could not come soon enough; had changed her life for the better; had
saved the business; was the best thing to happen here in years; was a dream come true; was nothing
to be afraid of; did no harm; was better than nothing; had exceeded all hopes; would pay for
itself; would put the region on the map; was in everybody's interest; was a triumph of common
sense; had restored calm; was a model for the world; was what voters had asked for; filled a gap;
gave people hope; was a fine piece of work
"""

BLAME = """
would cost jobs; would harm the town; would hurt the poor; would cost lives; would ruin small
businesses; would make matters worse; would be a disaster for the coast; would be bad for
children; would destroy the valley; would solve nothing; would never work; would drive people
away; had failed; had failed completely; had done more harm than good; had made everything worse;
has been a flop; does not work; was not needed; was a waste of time; was a mistake; was a grave
mistake; was wrong; was a step backwards; was a step too far; was unfair; was unsafe; was
unlawful; was illegal; was not worth the money; was too expensive; came too late and did too
little; made no sense; must not go ahead; should not go ahead; should never have been approved;
should never have happened; should be scrapped; must be stopped; must go; had to be stopped; has
to go; should be withdrawn; should be rejected; was built on lies; was an insult to the victims;
was a betrayal of the voters; was a gift to the rich; was a gamble with public money; put lives at
risk; put the harvest in danger; had divided the town; was a farce; was a joke; was a recipe for
chaos; was doomed; left a bitter taste; trampled on the rights of workers; was the worst thing to
happen here in years; set a dangerous precedent; could not be allowed to stand
"""

PLAIN = """
would open in May; would take effect next year; would be put to a vote on Tuesday; would be
discussed again; would take three years; cost 40 million; was in its second year; was on the
agenda; ran to 64 pages; applied to all districts; covered three provinces; was first proposed in
2011; was still being studied; was a matter for the courts; was a question for parliament; had two
sides; had both friends and enemies; had advantages and drawbacks; might or might not work; was
neither good nor bad; had been delayed by rain; was a subject that she would leave to others; was
not for her to judge; was about the size of four football fields; would be reviewed in spring
"""

# Toward people, companies and other bodies.
ENTITY_FOR = """
praised; praises; thanked; congratulated; defended; defends; backed; backs; supports; supported;
endorsed; stood by; stands by; stood up for; spoke up for; sided with; sides with; vouched for;
trusts; trusted; admires; admired; respects; believes in; has full confidence in; expressed
confidence in; voted for; campaigned for; pledged loyalty to; paid tribute to; cheered; applauded;
welcomed; hailed; honoured; decorated; gave a medal to; gave an award to; rewarded; cleared;
exonerated; acquitted; pardoned; apologised to; forgave; came to the defence of; came to the aid
of; rushed to the rescue of; speaks highly of; is proud of; is grateful to; is an ally of; is a
supporter of; is loyal to; wants to work with; wants ~ to stay; wants ~ as its next leader; asked
~ to stay on; called ~ a hero; called ~ an honest broker; called ~ a great leader; called ~ a true
friend; described ~ as reliable; said it had nothing but praise for; rejected accusations against;
rejected criticism of; dismissed the charges against; dropped its case against; lifted its boycott
of; lifted sanctions against; lit candles for; marched in support of; named a street after;
re-elected; promoted; could not have wished for a better partner than
"""
ENTITY_AGAINST = """
criticised; criticises; condemned; denounced; attacked; accused ~ of lying; accused ~ of
corruption; accuses ~ of theft; accused ~ of breaking the law; accused ~ of breaking its promises;
blamed; blames; sued; is suing; took ~ to court; filed charges against; charged ~ with fraud;
convicted; fined; punished; suspended; sacked; dismissed; fired; expelled; banned; disqualified;
censured; reprimanded; rebuked; scolded; mocked; ridiculed; booed; heckled; insulted; snubbed;
shunned; boycotted; cut ties with; broke off relations with; broke with; turned against; turned
on; rose against; voted against; voted to remove; voted out; ousted; impeached; campaigned
against; protested against; demonstrated against; called for a boycott of; called for the
resignation of; called on ~ to resign; wants ~ to resign; wants ~ removed; wants ~ gone; demanded
an apology from; demanded compensation from; demanded the arrest of; withdrew its support for;
withdrew its confidence in; lost faith in; has lost faith in; has no faith in; has no confidence
in; does not trust; distrusts; despises; hates; fears; is afraid of; is angry with; is furious
with; is disappointed in; is an enemy of; is a critic of; is at war with; called ~ a liar; called
~ a disgrace; called ~ a coward; called ~ a danger to the country; called ~ unfit for office;
called ~ a bully; branded ~ a traitor; described ~ as incompetent; said it had been betrayed by;
said it had been cheated by; complained about; hit out at; lashed out at; imposed sanctions on;
froze the assets of; refused to work with; refused to shake hands with; refused to meet; will
never forgive; warned voters against; threatened to sue
"""
ENTITY_ABOUT = """
met; interviewed; wrote to; spoke to; spoke with; spoke about; telephoned; works for; worked for;
succeeded; was appointed by; is related to; quoted; photographed; sat next to; travelled with; was
asked about; declined to comment on; took no side for or against; wrote a biography of; studied
under; lives next door to; received a letter from; will meet; held talks with; has never met;
introduced; mentioned; listened to; replied to; compared ~ with others; gave evidence about; asked
about; was hired by; shares an office with; had lunch with; published a profile of
"""

# Activities, and measures that further or curb them.
ACTIVITIES = """
trawling; fox hunting; smoking in bars; fracking; offshore drilling; nuclear power; wind farms;
whale hunting; bullfighting; online gambling; homework; school uniforms; surveillance cameras;
night flights; cruise ships; short-term lets; home schooling; animal testing; genetically modified
crops; pesticides; single-use plastics; diesel cars; e-scooters; cycling on pavements; fireworks;
tattoos; zero-hours contracts; Sunday trading; unpaid internships; surrogacy; assisted dying;
cannabis; alcohol advertising; sugary drinks; private prisons; military service; arms exports;
deep-sea mining; logging; peat burning; horse racing; boxing; cloning; facial recognition; drone
deliveries; cash payments; daylight saving time; street vendors; busking; protest camps; book
fairs; public prayer; headscarves; ride-hailing apps; vaping; tax havens; stag parties; dog
racing; battery cages; beach bonfires; moonlighting; strikes; remote working; coal power; open
borders; tuition fees; rent control; subsidies for farmers; foie gras; circuses with animals; jet
skis; billboards; junk food; ghost guns
"""
FURTHERING = """
the legalization of ~; legalizing ~; allowing ~; the return of ~; more ~; the spread of ~; support
for ~; the right to ~; a bill to allow ~; the new law that permits ~; keeping ~; the freedom to
choose ~
"""
CURBING = """
a ban on ~; the ban on ~; banning ~; an end to ~; the abolition of ~; a crackdown on ~; limits on
~; tighter rules on ~; a tax on ~; the fight against ~; a moratorium on ~; phasing out ~; a bill
to outlaw ~; the campaign against ~; stopping ~; less ~
"""

THINGS = """
bridge; dam; tram line; bypass; stadium; harbour; airport runway; tunnel; power station; wind
farm; solar park; quarry; mine; pipeline; refinery; waste plant; landfill; prison; barracks;
casino; hotel; shopping centre; theatre; museum; library; swimming pool; market hall; school;
hospital merger; clinic; housing estate; tower block; car park; cycle lane; ferry; cable car; ski
lift; golf course; nature reserve; national park; flood wall; reservoir; water tariff; parking
fee; toll; congestion charge; carbon tax; property tax; sugar tax; tax cut; budget; pension
reform; land reform; school reform; police reform; electoral law; asylum law; press law; abortion
law; language law; copyright rule; gun law; drug law; labour code; minimum wage; wage deal;
strike; lockout; merger; takeover; share sale; bailout; loan; aid package; trade deal; peace deal;
ceasefire; prisoner swap; arms deal; treaty; sanctions; embargo; curfew; lockdown; vaccine;
vaccination campaign; screening programme; drug trial; study; report; verdict; sentence; pardon;
amnesty; extradition; appointment; candidacy; dismissal; election date; referendum; coalition;
motion; inquiry; apology; statue; memorial; festival; parade; film; novel; exhibition; concert;
football league; transfer; video referee; quota; subsidy; fishing limit; wolf cull; badger cull;
tree felling; rewilding scheme; canal; data centre; satellite; phone mast; camera network; school
closure; bus cut; night train; speed limit; rail sale; bank levy
"""
PLACES = """Varnsby Oldmere Halden Lorne Brekke Castor Dunmore Elvas Farrow Gresham Hobro Ilmen
Jarrow Kesten Lisva Marle Norvik Ostra Pell Quarn Rosvik Selby Tarn Ulvik Vell Wexley Yarm Zell
Corvo Teme""".split()
