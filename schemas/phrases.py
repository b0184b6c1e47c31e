# ruff: noqa: SIM905 - a list of two hundred quoted words is no easier to read
"""Sentences and short lists for columns of one field or another. Data only, as in `words.py`; which is for whom is
said in `remarks.py`, `domains.py` and `codes.py`."""

from __future__ import annotations

NOTES = {
    "note_talk": (
        "Thanks, that helped|I agree with the second point|Does anyone know more about this?|Same here since last week|"
        "See the earlier thread for the details|Could you add an example?|That is not what I meant|Well written|"
        "I would do it the other way round|Good question|Moved to the right section|Has this been decided yet?|"
        "I will try it tomorrow|The link no longer works|Please keep it friendly|Looking forward to the next part|"
        "It works for me now|One small correction to the dates|Nice summary|I had missed that"
    ),
    "note_work": (
        "Waiting for an answer from the team|Handed over to the late shift|Estimate was too low|Needs a second review|"
        "Blocked by another task|Agreed in the weekly meeting|Details are in the attached file|Moved to next month|"
        "First draft is ready|Approved with small changes|Started earlier than planned|To be split into two parts|"
        "No progress this week|Could be closed soon|Depends on the new budget|Deadline was extended once|"
        "Done in half the time|Same cause as last month|Needs one more reviewer|Progress is as planned"
    ),
    "note_care": (
        "Reports less pain than last time|No known allergies|Blood pressure within the usual range|Sleeps badly|"
        "Follow-up in two weeks|Referred to a specialist|Wound is healing well|Medication tolerated well|"
        "Advised to drink more|Temperature back to normal|Test results are still missing|Symptoms began a week ago|"
        "Family history noted|No change since the last visit|Dose reduced|Came with a relative|Appetite has returned|"
        "Repeat the test in a month|Walks without help|Mild cough at night"
    ),
    "note_trade": (
        "Deliver before noon|Customer asked for one parcel|Second reminder was sent|Price agreed by phone|"
        "Part of a larger order|Billed together with the last one|Wrong address corrected|Paid in two parts|"
        "Gift wrapping requested|Discount given for the delay|One item follows later|Copy sent by e-mail|"
        "Tax number was missing|Changed before it was shipped|Ordered again after a year|Quantity corrected|"
        "Reference given by the buyer|To be collected at the desk|Checked against the contract|No signature needed"
    ),
    "note_machine": (
        "Replaced after a power failure|Firmware is up to date|Reserved for the new office|Moved from the old rack|"
        "Only reachable from inside|Backup link|To be removed next quarter|Uplink to the core switch|"
        "Used by the test systems|Serial number checked|Spare unit in the cabinet|Monitoring was switched on|"
        "Documented by the provider|Assigned to guests|Shared with the second site|Needs a longer cable|"
        "Maintenance on the first Sunday|Migrated last winter|Quarantined once|Power supply is redundant"
    ),
    "note_goods": (
        "Label was replaced|Stored on the upper shelf|Counted at the yearly stocktaking|New packaging since spring|"
        "Last pieces|Returned once and checked|Sold in pairs|Supplier has changed|Keep dry|Sample kept in the office|"
        "Color differs a little|Ordered in boxes of twelve|To be inspected|Replaces the older model|Slightly scratched|"
        "Only sold in season|Heavier than stated|Checked by the morning shift|Part of a set|Barcode was missing"
    ),
    "note_client": (
        "Prefers a reply by e-mail|Moved to another city|Asked for a printed copy|Introduced by a colleague|"
        "Call after four|Pays on time|New contact since spring|Wants one invoice a month|Speaks German|"
        "Changed the last name|Came back after a longer break|Has a framework contract|Visited the fair|"
        "Contract runs until winter|Deputy is on leave|Knows the house well|Two branches|Asked for better terms|"
        "Very satisfied|Best reached in the morning"
    ),
    "note_place": (
        "Entrance is at the back|Key at the front desk|Painted last summer|Seats about twenty|Closed on Mondays|"
        "Lift is out of order|Quiet side of the house|Parking behind the building|No step at the door|"
        "Heating was renewed|Rented out until autumn|Windows to the yard|Next to the stairs|Good light|"
        "Cleaned every morning|Floor was replaced|Near the station|Alarm was tested|Used for meetings|Under repair"
    ),
    "note_work_of_art": (
        "First published abroad|Title differs on the cover|Second edition|Dates are not certain|Live version|"
        "Translated by the author|Shorter than the original|Restored a few years ago|Signed copy exists|"
        "Released twice under this name|Part of a trilogy|Credits taken from the booklet|Cover by another artist|"
        "Bonus material|Not to be confused with the earlier one|Recorded in two days|Out of print|"
        "Name as written on the sleeve|Contains an index|Reissued later"
    ),
}
NOTE_ENDINGS = "||||; see the earlier entry|; to be checked|; confirmed".split("|")
INSTRUCTIONS = (
    "Leave it at the front desk|Ring the bell twice|Call before you come|Use the side entrance|Deliver after five|"
    "Hand it to a neighbor|Handle with care|Keep it upright|Second floor, left door|Ask for the key at the office"
).split("|")
REMARKS = (
    "Replaces an earlier entry|Details are in the paper file|Copied from last year|Entered by hand|"
    "Checked by two people|Number was corrected|Was missing from the import|Told by phone|Valid until further notice|"
    "Review next quarter|Spelling was corrected|Open question for the next meeting|No longer needed after this year|"
    "Came with the migration|Requested by the head office|Accepted as it is|Keep for the records|"
    "Two people asked for this|Taken over from the old system|Needs a second look"
).split("|")
REMARK_ENDS = ".|.|.|.|; to be checked.|; confirmed.|; see the history.".split("|")
LABELS = (
    "Standard|Main|Backup|Regional|Internal|External|Shared|Local|Central|North|South|East|West|Primary|Secondary|General|"
    "Special|Common|Temporary|Basic|Extended|Public|Private|Daily|Weekly|Monthly|Annual|Office|Field|Partner|Mobile|"
    "Test|Reserve|First|Second|Third|Combined|Separate|Joint|National"
).split("|")
LABEL_ENDINGS = ("", "", "", " 1", " 2", " 3", " 4", " A", " B", " C")
TYPES = (
    "Standard|Basic|Internal|External|Special|Regular|Temporary|General|Extended|Primary|Secondary|Custom|Shared|"
    "Default|Other|Manual|Automatic|Combined|Restricted|Open"
).split("|")
SUBNETS = tuple(f"10.{block}.{part}.0/24" for block in (10, 12, 20, 40) for part in range(0, 64, 4))
CLASS_NAMES = tuple(
    f"{area}.{thing}{role}"
    for area in ("core", "web", "data")
    for thing in ("Text", "Date", "Number", "User", "Report", "Location", "Order", "File")
    for role in ("Handler", "Validator", "Renderer", "Service")
)
FOLDERS = tuple(
    f"{top}/{below}"
    for top in ("data", "shared", "archive", "uploads", "home")
    for below in ("reports", "images", "invoices", "exports", "contracts", "imports", "photos", "backup")
)
LAB_TESTS = (
    "Glucose|Hemoglobin|Sodium|Potassium|Creatinine|Platelet Count|White Blood Cells|Cholesterol|Calcium|Urea|"
    "Albumin|Bilirubin|Hematocrit|Lactate|Chloride|Magnesium"
).split("|")
SPOTS = tuple(f"{room}, {place}" for room in ("Room 12", "Room 204", "Server room", "Hall B", "Basement", "Depot")
              for place in ("rack 1", "rack 3", "shelf 2", "shelf 5", "cabinet 4"))  # fmt: skip
COUNTIES = (
    "Franklin County|Jefferson County|Lake County|Orange County|Essex|Kent|Washington County|Monroe County|Surrey|"
    "Madison County|Hamilton County|Clay County|Marion County|Douglas County"
).split("|")
SKU_STEMS = "CHA TAB LMP BTL MUG KEY BAG TNT CLK SHF RUG PAN JKT SCF PIL FAN".split()
SKU_ENDS = ("", "", "-S", "-M", "-L", "-BK", "-WH")
COUPONS = "SPRING SUMMER AUTUMN WINTER WELCOME SAVE BONUS LOYAL FRIEND HOLIDAY".split()
GENERAL_REASONS = (
    "No longer needed|Duplicate entry|Change of plans|Personal reasons|Illness|Requested by the team|"
    "Correction of an error|Technical problem|Missing documents|Waiting for approval|Budget was cut|Moved away|"
    "Replaced by another|Deadline was missed|Policy has changed|Entered twice"
).split("|")
TOPICS = (
    "General|Planning|Finance|Reports|Events|Training|Policies|Support|Research|Health|Travel|Technology|Culture|"
    "Education|Sports|Science|Local News|Interviews|Projects|History|Environment|Housing|Tips|Announcements"
).split("|")
