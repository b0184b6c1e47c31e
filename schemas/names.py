# ruff: noqa: E501 - a list of names is no easier to read in short lines
"""Names and short texts that belong to one field: of networks, of medicine, of groups of users. Data only, as in `words.py`;
which columns they are for is said in `name_rules.py` and the rules of the fields."""

from __future__ import annotations

_PARTS = (
    "Office|Guest Wi-Fi|Voice|Printers|Servers|Management|Cameras|Storage|Backup|DMZ|Lab|Finance|Workstations|"
    "Building control|Warehouse|Wireless|Test|Conference rooms"
)
_SITES = ("", " HQ", " DC1", " DC2", " floor 1", " floor 2", " north", " south", " branch 1", " branch 2")


def _divided(groups: tuple[str, ...]) -> tuple[str, ...]:
    """The groups, and those that have more than one seat."""
    return (*groups, *(f"{group}, {seat}" for seat in ("North", "South", "Head Office") for group in groups))


NAMES: dict[str, tuple[str, ...]] = {
    # Networks
    "vlan_name": tuple(f"{part}{site}" for site in _SITES for part in _PARTS.split("|")),
    "subnet_name": tuple(
        f"{part} {kind}{site}"
        for site in _SITES
        for kind in ("LAN", "range", "pool")
        for part in ("Office", "Guest", "Voice", "Server", "Printer", "Camera", "Lab", "VPN client", "Management")
    ),
    "network_area": tuple(
        f"{place}{part}"
        for part in ("", " core", " access", " campus")
        for place in ("Headquarters", "Data center 1", "Data center 2", "North branch", "South branch", "Warehouse", "Lab")
    ),
    "vrf_name": tuple(
        f"{part}{end}"
        for end in ("", "-A", "-B", "-DC1", "-DC2")
        for part in ("MGMT", "INTERNET", "CORP", "GUEST", "VOICE", "PROD", "TEST", "PARTNER", "STORAGE", "DMZ")
    ),
    "rack_name": tuple(f"{room} {row}{number:02}" for number in range(1, 13) for room in ("DC1", "DC2", "Lab") for row in "ABCD"),
    "network_section": (
        "Customers", "Infrastructure", "Data centers", "Branch offices", "IPv6", "Wireless", "Lab", "Point-to-point links",
        "Remote access", "Cloud", "Voice", "Loopbacks", "Partners", "Management", "Legacy",
    ),
    "resolvers": tuple(
        f"{where} {what}"
        for what in ("resolvers", "DNS", "name servers")
        for where in ("Internal", "Public", "HQ", "Data center", "Branch", "Guest", "Lab", "Backup", "VPN", "Cloud")
    ),
    "circuit_type": (
        "Ethernet", "MPLS", "Dark fiber", "Internet", "VPLS", "DSL", "LTE backup", "Wavelength", "Leased line", "Cable",
        "SD-WAN", "Microwave", "GPON", "SIP trunk", "Satellite", "5G",
    ),
    "telecom": tuple(
        f"{brand} {form}"
        for form in ("Telecom", "Fiber", "Networks", "Communications", "Broadband")
        for brand in ("Northgate", "Bluewave", "Kestrel", "Harborline", "Crossfield", "Meridian", "Summit", "Clearpath")
    ),
    "device_type": (
        "Switch", "Router", "Firewall", "Access point", "Server", "Hypervisor", "Storage", "Load balancer", "Printer",
        "IP phone", "Camera", "UPS", "Wireless controller", "Patch panel", "KVM switch", "Media converter", "Modem",
        "Gateway", "Workstation", "Sensor", "Tape library", "Console server", "PDU", "Time server",
        "Core switch", "Access switch", "Edge router", "Branch router", "VPN gateway", "Web proxy", "Mail gateway", "Blade chassis",
        "Virtual machine", "Thin client", "Laptop", "Label printer", "Door controller", "Badge reader", "Intercom", "NAS",
        "SAN switch", "Fax", "Projector", "Video endpoint", "Radio link", "Optical amplifier", "Cellular router", "Jump host",
    ),
    "phone_range": tuple(
        f"{place} {kind}"
        for kind in ("direct dial", "main lines", "fax lines", "service desk", "test numbers")
        for place in ("Headquarters", "North branch", "South branch", "Warehouse", "Call center", "Data center")
    ),
    "nat_rule": tuple(
        f"{what} {way}"
        for way in ("inbound", "outbound", "to DMZ", "published")
        for what in ("Web server", "Mail relay", "VPN gateway", "Guest Wi-Fi", "File transfer", "DNS", "Monitoring", "Proxy")
    ),
    "bgp_peer": tuple(
        f"{what}-{number}" for number in range(1, 9) for what in ("upstream", "core-rr", "ix-peer", "branch-ce", "transit", "dc-leaf")
    ),
    "scan_agent": ("localhost", "DC1 probe", "DC2 probe", "Branch probe", "Lab probe", "Cloud probe", "HQ probe", "DMZ probe",
                   "Backup probe", "Test probe"),
    "vault": ("Network passwords", "Server certificates", "Wi-Fi keys", "Router logins", "VPN certificates", "Admin accounts",
              "Service accounts", "Public certificates", "Provider portals", "Database logins", "API keys", "Break glass"),
    "network_use": tuple(
        f"{what}{end}"
        for what in (
            "Workstations on the second floor", "Uplink to the core switch", "Reserved for the new office",
            "Out-of-band management", "Guest access without internal routes", "Printers and scanners", "Voice over IP phones",
            "Point-to-point link to the branch", "Test environment", "Cameras and door control", "Backup traffic only",
            "Public servers behind the firewall", "Wireless clients", "Storage replication", "VPN clients",
        )
        for end in ("", ", no DHCP", "; see the site plan", "; monitored", ", to be renumbered")
    ),
    "network_request": (
        "Static address for a camera", "For the new print server", "Needed by Monday", "Replaces the old lease",
        "Test machine, two weeks only", "Second interface of the file server", "Voice gateway for the branch",
        "Please keep it in the same subnet", "DNS entry as well, please", "For the monitoring probe",
    ),
    # Medicine
    "concept": (
        "Body weight", "Body height", "Systolic blood pressure", "Diastolic blood pressure", "Pulse", "Temperature",
        "Respiratory rate", "Oxygen saturation", "Hemoglobin", "Hematocrit", "White blood cell count", "Platelet count",
        "Blood glucose", "Serum creatinine", "Serum potassium", "Serum sodium", "CD4 count", "HIV viral load", "HIV test",
        "Malaria smear", "Sputum smear", "Urine protein", "Pregnancy test", "Blood group", "Cholesterol", "Fever", "Cough",
        "Headache", "Diarrhea", "Vomiting", "Chest pain", "Abdominal pain", "Shortness of breath", "Rash", "Weight loss",
        "Fatigue", "Anemia", "Asthma", "Diabetes mellitus", "Hypertension", "Malaria", "Pneumonia", "Tuberculosis",
        "Urinary tract infection", "Epilepsy", "Migraine", "Arthritis", "Heart failure", "Depression", "Eczema",
        "Allergic to", "Yes", "No", "Unknown", "Positive", "Negative", "Normal", "Abnormal", "Oral administration",
        "Intravenous", "Tablet", "Milligram", "Milliliter", "Once daily", "Twice daily", "Three times daily", "As needed",
        "Chief complaint", "History of present illness", "Family history", "Smoking status", "Alcohol use",
        "Date of last menstrual period", "Expected date of delivery", "Gestational age", "Number of previous pregnancies",
        "Birth weight", "Apgar score", "Head circumference", "Mid-upper arm circumference", "Body mass index",
        "Reason for visit", "Visit diagnoses", "Follow-up date", "Referral", "Discharge instructions", "Immunizations",
        "Measles vaccine", "Tetanus vaccine", "Polio vaccine", "Hepatitis B vaccine", "X-ray of the chest", "Ultrasound",
        "Electrocardiogram", "Appendectomy", "Cesarean section", "Wound dressing", "Paracetamol", "Amoxicillin", "Aspirin",
        "Ibuprofen", "Insulin", "Metformin", "Penicillin", "Morphine", "Salbutamol", "Iron supplement", "Folic acid",
        "Cotrimoxazole", "Lamivudine", "Isoniazid", "Pain scale", "Glasgow coma scale", "Level of consciousness",
        "Admission note", "Progress note", "Marital status", "Occupation", "Cause of death", "Patient outcome",
    ),
    "care_program": (
        "HIV Care", "Antenatal Care", "TB Treatment", "Diabetes Care", "Hypertension Care", "Child Nutrition",
        "Immunization", "Family Planning", "Mental Health", "Palliative Care", "Postnatal Care", "Malaria Prevention",
        "Asthma Care", "Cancer Screening", "Physical Rehabilitation", "Dental Care", "Eye Care", "Home Visits",
        "Newborn Care", "Smoking Cessation", "Heart Failure Clinic", "Stroke Rehabilitation", "Epilepsy Care",
        "Wound Care", "Prevention of Mother-to-Child Transmission", "Chronic Pain", "Kidney Care", "Sickle Cell Care",
    ),
    "care_form": (
        "Vitals", "Admission", "Discharge Summary", "Progress Note", "Triage", "Antenatal Visit", "Delivery Record",
        "Immunization Record", "Lab Request", "Lab Results", "Radiology Request", "Surgical Note", "Anesthesia Record",
        "Nursing Assessment", "Referral", "Consent", "Nutrition Assessment", "Pediatric Visit", "Adult Return Visit",
        "Adult Initial Visit", "TB Enrollment", "HIV Enrollment", "Medication Review", "Fall Risk Assessment",
        "Social History", "Transfer Note", "Emergency Note", "Home Visit", "Death Certificate", "Birth Record",
        "Pain Assessment", "Wound Chart", "Fluid Balance", "Dental Examination", "Eye Examination", "Mental Health Screening",
    ),
    "visit_type": (
        "Outpatient Visit", "Inpatient Stay", "Emergency", "Follow-up", "Home Visit", "Day Surgery", "Antenatal Visit",
        "Telemedicine", "Vaccination", "Laboratory Only", "Radiology Only", "Dental Visit", "Consultation", "Check-up",
        "Pharmacy Pick-up", "Counseling", "Physiotherapy Session", "Dialysis", "Observation", "Community Outreach",
    ),
    "encounter_type": (
        "Vitals", "Consultation", "Admission", "Discharge", "Transfer", "Visit Note", "Check In", "Check Out", "Triage",
        "Lab Results", "Radiology Report", "Surgery", "Antenatal Follow-up", "Immunization", "Dispensing", "Nursing Round",
        "Emergency", "Initial Visit", "Return Visit", "Referral", "Counseling", "Phone Call", "Home Visit", "Delivery",
    ),
    "order_type": ("Drug Order", "Test Order", "Radiology Order", "Referral Order", "Procedure Order", "Diet Order",
                   "Nursing Order", "Blood Product Order", "Supply Order", "Therapy Order", "Discharge Order"),
    "order_set": ("Admission, adult", "Admission, child", "Pneumonia", "Chest pain", "Sepsis", "Diabetic ketoacidosis",
                  "Postoperative care", "Labor and delivery", "Malaria, severe", "Stroke", "Asthma attack", "Burns",
                  "Preoperative tests", "Tuberculosis start", "Newborn care", "Fracture of the hip", "Gastroenteritis"),
    "person_attribute": (
        "Telephone Number", "Next of Kin", "Mother's Name", "Civil Status", "Citizenship", "Birthplace", "Race",
        "Occupation", "Education Level", "Preferred Language", "Religion", "Insurance Number", "Health District",
        "Emergency Contact", "Employer", "Household Size", "E-mail Address", "Referred By", "Consent Given",
    ),
    "patient_identifier": (
        "Medical Record Number", "National ID", "Old Identification Number", "Insurance Number", "Passport Number",
        "Birth Certificate Number", "TB Register Number", "HIV Care Number", "Hospital Card", "Laboratory Number",
        "Driving License", "District Number",
    ),
    "concept_class": ("Test", "Procedure", "Drug", "Diagnosis", "Finding", "Anatomy", "Question", "LabSet", "MedSet",
                      "ConvSet", "Symptom", "Symptom/Finding", "Specimen", "Misc Order", "Frequency", "Workflow", "State",
                      "Program", "Device", "Unit of measure"),
    "concept_datatype": ("Numeric", "Coded", "Text", "N/A", "Document", "Date", "Time", "Datetime", "Boolean", "Rule",
                         "Structured Numeric", "Complex"),
    "encounter_role": ("Clinician", "Nurse", "Attending Physician", "Consultant", "Surgeon", "Anesthetist", "Midwife",
                       "Lab Technician", "Pharmacist", "Clerk", "Resident", "Scribe", "Counselor", "Radiographer"),
    "code_system": ("ICD-10", "SNOMED CT", "LOINC", "RxNorm", "CIEL", "ICD-11", "CPT", "ATC", "UCUM", "HL7", "DSM-5",
                    "MedDRA", "NDC", "Local codes"),
    "hl7_source": ("Laboratory", "Radiology", "Pharmacy", "Registration", "Billing", "Mobile app", "District server",
                   "Blood bank", "Legacy system", "Emergency room"),
    "cohort": (
        "Adults over 65", "Children under five", "Diabetic patients", "Missed last appointment", "HIV, on treatment",
        "Pregnant, third trimester", "Enrolled this year", "Hypertension, uncontrolled", "No visit in six months",
        "TB, first two months", "Malnourished children", "Awaiting lab results", "Transferred in", "Discharged last week",
        "Due for vaccination", "Smokers", "Lost to follow-up", "Newborns",
    ),
    "ward": ("Outpatient Clinic", "Inpatient Ward", "Emergency Room", "Pharmacy", "Laboratory", "Registration Desk",
             "Maternity Ward", "Pediatric Ward", "Surgical Ward", "Isolation Ward", "Radiology", "Operating Room",
             "Intensive Care", "Dental Clinic", "Eye Clinic", "Antenatal Clinic", "Physiotherapy", "Blood Bank",
             "Chemotherapy", "Dialysis Unit", "Vaccination Room", "Waiting Area", "Triage", "Archive"),
    "allergen": (
        "Penicillin", "Peanuts", "Latex", "Aspirin", "Shellfish", "Eggs", "Cow's milk", "Pollen", "House dust mite",
        "Sulfonamides", "Ibuprofen", "Bee venom", "Cat hair", "Dog hair", "Mold", "Soy", "Wheat", "Tree nuts", "Codeine",
        "Iodine contrast", "Nickel", "Strawberries", "Fish", "Amoxicillin", "Adhesive tape",
    ),
    "care_use": tuple(
        f"{what}{end}"
        for what in (
            "Used at every outpatient visit", "Filled in by the nurse", "Recorded at admission", "For adults only",
            "For children under five", "Required by the ministry", "Taken from the old paper records",
            "Only in the emergency room", "Part of the yearly report", "For pregnant women", "Entered by the laboratory",
            "Asked once and kept", "Measured twice a day",
        )
        for end in ("", "", "; see the manual", ", reviewed each year", "; in use since the last update")
    ),
    # Users, and what programs keep
    "user_group": _divided((
        "Administrators", "Operators", "Guests", "Network Team", "Help Desk", "Auditors", "Read Only", "Developers",
        "Managers", "Finance Team", "Security Team", "External Partners", "Interns", "Night Shift", "Power Users",
        "Support Team", "Data Team", "Editors", "Contractors", "Facility Team", "Sales Team", "Reviewers", "Board Members",
        "Branch Staff", "Human Resources", "Project Leads", "Database Team", "Training Team", "Purchasing", "Service Accounts",
    )),
    "passkey": ("Work laptop", "Phone", "Security key", "Home computer", "Backup key", "Tablet", "Office PC", "New phone"),
    "field_kind": (
        "Text", "Number", "Date", "Select", "Checkbox", "Radio button", "Text area", "Multi-select", "File upload", "E-mail",
        "Phone", "Link", "Currency", "Yes/No", "Date and time", "Time", "Percentage", "Slider", "Color", "Password",
        "Signature", "Image", "Hidden", "Section heading", "Calculated", "Rating", "Address", "Country", "Duration",
    ),
    "job_name": (
        "Send reminders", "Nightly backup", "Clean up old sessions", "Rebuild search index", "Update exchange rates",
        "Close expired entries", "Import new files", "Send monthly report", "Check licenses", "Synchronize users",
        "Purge deleted records", "Recalculate totals", "Refresh cache", "Rotate logs", "Process mail queue",
        "Archive old records", "Export to data warehouse", "Verify checksums", "Poll devices", "Renew certificates",
    ),
    "process_key": (
        "invoice-approval", "leave-request", "order-fulfillment", "claim-handling", "onboarding", "credit-check",
        "contract-renewal", "complaint", "travel-expense", "purchase-request", "document-review", "account-opening",
    ),
    "process_step": (
        "approve-invoice", "check-credit", "notify-customer", "prepare-shipment", "review-document", "assign-approver",
        "archive-case", "request-payment", "verify-identity", "send-reminder", "update-record", "close-case",
    ),
    "use": tuple(
        f"{what}{end}"
        for what in (
            "For internal use", "Shared by all branches", "Kept for older records", "Introduced last spring",
            "Replaces two earlier entries", "Used on request only", "Maintained by the head office",
            "In use since the last reorganization", "Needs the approval of a manager", "Standard choice for new entries",
            "Applies to partners only", "Reserved for special cases", "Reviewed every quarter", "Agreed with the main office",
        )
        for end in ("", "", "", "; see the handbook", "; do not delete")
    ),
}  # fmt: skip

CARE_FORM_PATHS = tuple(
    f"{space}^{path}"
    for space in ("htmlformentry", "rest", "org.example.ward")
    for path in (
        "vitals.1",
        "vitals.2",
        "admission/3",
        "intake/1",
        "intake/2",
        "discharge/5",
        "triage/1",
        "history.4",
        "lab/2",
    )
)
"""Where in a form a value was entered."""
