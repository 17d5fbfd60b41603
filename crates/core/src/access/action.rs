//! What the actions of DynamoDB and DAX carry (Service Authorization Reference, "Actions, resources, and condition
//! keys for Amazon DynamoDB", "... DAX").

/// What is known of one action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ActionFacts {
    /// Its own condition keys that a request carries, in lower case, without `dynamodb:`.
    pub carries: Carries,
    /// Whether a resource-based policy lets principals of other accounts use it.
    pub abroad: Abroad,
    /// Whether the table's key has to decrypt for it.
    pub decrypts: bool,
}

/// Which of the service's own keys a request can carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Carries {
    /// These and no others.
    These(&'static [&'static str]),
    /// The pages of AWS differ.
    Unclear,
}

/// Whether principals of other accounts can use an action (DynamoDB Developer Guide, "API operations supported by
/// resource-based policies").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Abroad {
    Yes,
    No,
    Unclear,
}

const NONE: Carries = Carries::These(&[]);

/// The key values come with the leading keys, also those of keys of several attributes.
macro_rules! with_keys {
    ($($more:literal),*) => {
        Carries::These(&[
            "leadingkeys", "firstpartitionkeyvalues", "secondpartitionkeyvalues", "thirdpartitionkeyvalues",
            "fourthpartitionkeyvalues", $($more),*
        ])
    };
}

/// Actions that touch items, and those that foreign principals can use.
const ITEMS: &[(&str, Carries, Abroad, bool)] = {
    use Abroad::{No, Unclear, Yes};
    const WRITES: Carries =
        with_keys!("attributes", "enclosingoperation", "returnconsumedcapacity", "returnvalues");
    &[
        (
            "getitem",
            with_keys!("attributes", "enclosingoperation", "returnconsumedcapacity", "select"),
            Yes,
            true,
        ),
        ("batchgetitem", with_keys!("attributes", "returnconsumedcapacity", "select"), Yes, true),
        ("query", with_keys!("attributes", "returnconsumedcapacity", "returnvalues", "select"), Yes, true),
        (
            "scan",
            Carries::These(&["attributes", "returnconsumedcapacity", "returnvalues", "select"]),
            Yes,
            true,
        ),
        (
            "partiqlselect",
            with_keys!("attributes", "enclosingoperation", "fulltablescan", "select"),
            No,
            true,
        ),
        ("partiqlinsert", with_keys!("attributes", "enclosingoperation"), No, true),
        ("partiqlupdate", with_keys!("attributes", "enclosingoperation", "returnvalues"), No, true),
        ("partiqldelete", with_keys!("attributes", "enclosingoperation", "returnvalues"), No, true),
        // Its EnclosingOperation is not among its keys there, and is used by the examples of "Using IAM with DynamoDB
        // transactions".
        (
            "conditioncheckitem",
            with_keys!("attributes", "enclosingoperation", "returnconsumedcapacity", "returnvalues"),
            Yes,
            true,
        ),
        ("putitem", WRITES, Yes, true),
        ("updateitem", WRITES, Yes, true),
        ("deleteitem", WRITES, Yes, true),
        ("batchwriteitem", with_keys!("attributes", "returnconsumedcapacity"), Yes, true),
        ("searchvectors", Carries::Unclear, Unclear, true),
        ("getrecords", NONE, Yes, true),
        ("getsharditerator", NONE, Yes, false),
        ("describestream", NONE, Yes, false),
        ("describetable", NONE, Yes, false),
        ("updatetable", NONE, Yes, false),
        ("deletetable", NONE, Yes, false),
        ("tagresource", NONE, Yes, false),
        ("untagresource", NONE, Yes, false),
        ("listtagsofresource", NONE, Yes, false),
        ("associatetablereplica", NONE, Yes, false),
        ("readdataforreplication", NONE, Yes, false),
        ("exporttabletopointintime", NONE, No, true),
    ]
};

/// The other actions of DynamoDB: no key of its own, and no principal of another account.
const OTHERS: &[&str] = &[
    "createbackup",
    "createglobaltable",
    "createtable",
    "createtablereplica",
    "deletebackup",
    "deleteresourcepolicy",
    "deletetablereplica",
    "describebackup",
    "describecontinuousbackups",
    "describecontributorinsights",
    "describeendpoints",
    "describeexport",
    "describeglobaltable",
    "describeglobaltablesettings",
    "describeimport",
    "describekinesisstreamingdestination",
    "describelimits",
    "describereservedcapacity",
    "describereservedcapacityofferings",
    "describetablereplicaautoscaling",
    "describetimetolive",
    "disablekinesisstreamingdestination",
    "enablekinesisstreamingdestination",
    "getabacstatus",
    "getresourcepolicy",
    "importtable",
    "injecterror",
    "listbackups",
    "listcontributorinsights",
    "listexports",
    "listglobaltables",
    "listimports",
    "liststreams",
    "listtables",
    "purchasereservedcapacityofferings",
    "putresourcepolicy",
    "replicatesettings",
    "restoretablefromawsbackup",
    "restoretablefrombackup",
    "restoretabletopointintime",
    "startawsbackupjob",
    "updateabacstatus",
    "updatecontinuousbackups",
    "updatecontributorinsights",
    "updateglobaltable",
    "updateglobaltablesettings",
    "updateglobaltableversion",
    "updatekinesisstreamingdestination",
    "updatetablereplicaautoscaling",
    "updatetimetolive",
];

/// Every action of DynamoDB that is known, in lower case with its service.
pub fn dynamodb_actions() -> impl Iterator<Item = String> {
    ITEMS.iter().map(|(name, ..)| *name).chain(OTHERS.iter().copied()).map(|name| format!("dynamodb:{name}"))
}

/// What is known of an action, in lower case with its service; of one of another service, or that is not known,
/// nothing.
pub(super) fn facts(action: &str) -> Option<ActionFacts> {
    let (service, name) = action.split_once(':')?;
    match service {
        "dynamodb" => match ITEMS.iter().find(|(known, ..)| *known == name) {
            Some((_, carries, abroad, decrypts)) => {
                Some(ActionFacts { carries: *carries, abroad: *abroad, decrypts: *decrypts })
            }
            None if OTHERS.contains(&name) => {
                Some(ActionFacts { carries: NONE, abroad: Abroad::No, decrypts: false })
            }
            None => None,
        },
        "dax" => {
            let carries = if name == "getitem" { Carries::These(&["enclosingoperation"]) } else { NONE };
            Some(ActionFacts { carries, abroad: Abroad::No, decrypts: false })
        }
        _ => None,
    }
}

/// The services that resource control policies hold for (AWS Organizations User Guide, "Resource control policies
/// (RCPs)", "List of AWS services that support RCPs").
pub(super) const UNDER_RESOURCE_CONTROL: &[&str] = &[
    "aoss",
    "cognito-identity",
    "cognito-idp",
    "dax",
    "dynamodb",
    "ecr",
    "kms",
    "logs",
    "s3",
    "secretsmanager",
    "sqs",
    "sts",
];

/// What IAM refuses to do to the roles of services and of Identity Center, whatever a policy says (IAM User Guide,
/// "Service-linked roles"; IAM Identity Center User Guide, "Permission sets").
pub(super) const CHANGES_A_ROLE: &[&str] = &[
    "iam:attachrolepolicy",
    "iam:deleterole",
    "iam:deleterolepermissionsboundary",
    "iam:deleterolepolicy",
    "iam:detachrolepolicy",
    "iam:putrolepermissionsboundary",
    "iam:putrolepolicy",
    "iam:tagrole",
    "iam:untagrole",
    "iam:updateassumerolepolicy",
    "iam:updaterole",
];

/// The same for the managed policies of AWS.
pub(super) const CHANGES_A_POLICY: &[&str] = &[
    "iam:createpolicyversion",
    "iam:deletepolicy",
    "iam:deletepolicyversion",
    "iam:setdefaultpolicyversion",
    "iam:tagpolicy",
    "iam:untagpolicy",
];
