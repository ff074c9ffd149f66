/**
 * Words that sentences of ours, of systems and of servers are made of: the list of what may leave in a support bundle. They
 * are plain English in small letters, so that a name, which has a capital or is nobody's word, is never among them.
 */
export const knownWords: ReadonlySet<string> = new Set(
  `
aborted about above accepted account accountant accounting accounts accrual accrued action actions active actual
add added address adds administrator adopt after again against all alone already always among amount amounts an
anchor anchored anchors and anew another answer answered answers any anything app application applications
approval approvals approve approved approver approvers approves are as aside ask asked asks assigned at attach
attached attempt attempts attributed audit audited authenticate authentication authority authorization
authorized away back backup balance batch be bears became because becomes been before begins begun behind being
belong belongs below besides between beyond bill billed billing bills blank block blocked blocks body books both
box brings brought budget budgets business but by calendar call calls came can cancel cancelled cancels cannot
canonical careful carried carries carry case cent certificate change changed changes chapter characters check
choice choose chosen client closed code coded codes coding column come comes command commitment commitments
committed commonly companies company company's compare compared compliance compliant config configured confirmed
conflict connect connected connecting connection connection's connections connector constraint content contract
contracts controller copy correct corrected corrupt cost costs could counts covers create created creates
credentials credit currency cursor customer cut daily dashes data database date dates day dead deadlock decide
decided decides decimal decimals decode decrypt deeper default defined deleted delivered delivers denied deny
depleted description detached detail details did differ difference different digit digits direct directly
directory disabled dns do document documentation documented documents does done draft drafts due duplicate
duplicated e-mail each earlier earned edited edition effect either else elsewhere embedded empty end ended ends
engineer enough enter entered entries entry environment epoch equal equals error estimate even event events
every everything evidence exceed exceeded exceeds exchange exhausted exist exists expected expired expiry export
exported external fail failed fails fatal fault field fields figures file filename files find finish finished
first fiscal fit fits folder folders follow follows for forbidden forbids form format former found free from
full gateway get give given gives go goes gone greater group guarded handed handshake happened has hash have
head header headers held help here hidden hold holds hook host hostname hosts hour hours how https id ids if
import imported in inactive includes incomplete incorrect inferred initialized install installed instead
insufficient insurance insurances integer integration internal interrupted interval into invalid invoice
invoiced invoices is issue issued issuer it item items its itself job jobs journal keep keeps kept key key's
kind know known knows lacks lane lanes large last late later least leave ledger left length lengths less let
level life lifted limit limited limits line lines link linked links list listed lists live local locked log long
longer look look-ups looked looking looks lost machine made mail mails make makes mandatory manual many map
mapped mapping mappings marked match matched materials maximum may means meant meanwhile memory message messages
metadata minimum minutes mismatch missing modification moment month more most move moved moves much must must-be
name named names need needed needs neither network never new newer newest next no nobody non-empty none nor not
nothing noticed now nowhere number numbering numbers numeric object of off offered offers often ok old older on
once one ones only open opened opens operation opposite or order ordered orders origin original other others our
ours out outside over overloaded overwritten own owner owners owns package page paged pages paid parse parsed
part partly partner password path pay payable payment payments pays people per period periods permission
permissions permit permitted person phase phone place places plain plan planned plans policy port post postable
postcode posted postgres postgresql posting posting-period present presents print private privilege probe
process procore progress project projects propose proposed proposes proxy public pull purchase purchase-order
question quota raise range rate rate-limit raw reach reached reaches read read-only reading reads ready really
reason receipts received record recorded records redirect reference references refresh refusal refused refuses
reject rejected relation release released remembers remove removed renewed reopen repeated repetition replaced
report request requester requests required requisition reset resolve response rest restore restored retainage
retries retry reversal reverse review revision right role room root route routes row rows rule run running said
same sandbox save saved saw say says schedule scope second secret see seen sees select self-signed self-test
send sent serialization series server service session set set-up setting settings settle several shall share
sheet shorten should show shown shows side sides sign-in signature signed since site small so socket some
somebody something source space speaks specified staff staged stale stand standard standing stands start started
state stated statement statements status stay stays step still stood stopped stored stores sub sub-job
subcontractor subcontracts submitted such supplier suppliers sweep switched sync synced syntax system systems
table take taken takes target tax tell tells temporarily ten tenant terminated terminating test text texts than
that the their them themselves then there these they things this those three threshold through tie-out tiebeam
time timed timeout times title to today together token tokens told too took tool tools total trail transaction
transactions travel tried triggers truncated trusted try twice two type typed types unable unauthorized
unavailable undefined under undo undone unexpected unexplained unique unit unknown unless unlink unreachable
unsupported until up update updated uploads upstream url use used user user-field users uses valid value values
vanished vendor vendor's vendors verify version violates visible voided wait waited waiting waits waiver waivers
warehouse warn was way we web webhook webhooks week went were what whatever when where whether which while
whitespace who whoever whole whose width with withdraw withdrawn withheld within without words work worker
workflow works would write writes written wrong wrote years yes yet you your zero zone
`
    .trim()
    .split(/\s+/),
);
