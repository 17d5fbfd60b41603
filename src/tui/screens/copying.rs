//! What can be copied of an item. All of it is as masked as on the screen: there is no way here to a secret's clear
//! text.

use crate::domain::{AttributePath, JsonForm, KeySchema, Safe, Screened, TableRef};
use crate::remedy::sh;
use crate::tui::model::Shared;
use crate::tui::widgets::Menu;
use crate::tui::{Copy, Effect};

/// One thing to copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    /// The value under the cursor.
    Value,
    /// Where it is.
    Path,
    /// The item.
    Item(JsonForm),
    /// The item, into a file.
    File(JsonForm),
    /// The item's key.
    Key,
    /// A command that reads the item.
    Command,
    /// The table's ARN.
    Arn,
    /// The items that are shown, one a line, into a file.
    Shown(JsonForm),
}

/// Every choice, in the order of the menu.
const CHOICES: &[(What, &str)] = &[
    (What::Value, "this value"),
    (What::Item(JsonForm::Plain), "item as JSON"),
    (What::Item(JsonForm::DynamoDb), "item as DynamoDB JSON"),
    (What::Key, "key, as DynamoDB JSON"),
    (What::Path, "path of this value"),
    (What::Command, "AWS CLI command that reads the item (its key goes into a file)"),
    (What::Arn, "ARN of the table"),
    (What::File(JsonForm::Plain), "item as JSON, into a file only you can read"),
    (What::File(JsonForm::DynamoDb), "item as DynamoDB JSON, into a file only you can read"),
    (What::Shown(JsonForm::Plain), "items shown, a line of JSON each, into a file only you can read"),
    (
        What::Shown(JsonForm::DynamoDb),
        "items shown, a line of DynamoDB JSON each, into a file only you can read",
    ),
];

/// The menu of them: of a list of items, or of one.
pub(super) fn menu(list: bool) -> Menu<What> {
    let choices = CHOICES.iter().filter(|(what, _)| list || !matches!(what, What::Shown(_)));
    Menu::new("Copy (secrets stay masked)", choices.map(|(what, text)| ((*text).to_owned(), *what)).collect())
}

/// What the cursor is on.
pub(super) struct Subject<'a> {
    pub table: &'a TableRef,
    pub item: &'a Screened,
    /// The table's key.
    pub key: Option<&'a KeySchema>,
    /// The value, where there is one.
    pub path: Option<AttributePath>,
}

/// Copies, or says why not.
pub(super) fn copy(shared: &mut Shared, subject: &Subject<'_>, what: What) {
    let mask_all = shared.options.mask_all;
    let item = subject.item;
    let send = |what: &str, text| Effect::Copy(Copy { what: what.into(), text });
    let effect = match what {
        What::Arn => send("the table's ARN", Safe::neutral(&subject.table.arn())),
        // It is the list's to write.
        What::Shown(_) => return,
        What::Item(form) => send("the item", item.json(form, mask_all)),
        What::File(form) => {
            let name = format!("dynaudit-item-{}.json", shared.now.as_microsecond());
            Effect::Save(name, Copy { what: "the item".into(), text: item.json(form, mask_all) })
        }
        What::Path => match &subject.path {
            Some(path) => send("the path", Safe::neutral(&path.to_string())),
            None => return shared.say("No value here."),
        },
        What::Value => match subject.path.as_ref().and_then(|path| item.value(path, mask_all)) {
            Some(value) => send("the value", value),
            None => return shared.say("No value here."),
        },
        What::Key | What::Command => {
            let Some(schema) = subject.key else {
                return shared.complain("The table's key is not known.");
            };
            let Some(key) = item.key_json(schema, mask_all) else {
                return shared.complain("The key of this item is masked, so it cannot be copied.");
            };
            if what == What::Key {
                send("the key", key)
            } else {
                return command(shared, subject.table, key);
            }
        }
    };
    shared.effects.push(effect);
}

/// The command names a file for the key: what stands in a command stays in the shell's history and in the list of
/// processes.
fn command(shared: &mut Shared, table: &TableRef, key: Safe) {
    let file = format!("dynaudit-key-{}.json", shared.now.as_microsecond());
    let mut command = format!(
        "aws dynamodb get-item --table-name {} --key file://{file} --region {}",
        sh(&table.name),
        sh(&table.scope.region)
    );
    if let Some(endpoint) = &table.scope.endpoint {
        command.push_str(&format!(" --endpoint-url {}", sh(endpoint)));
    }
    shared.effects.push(Effect::Save(file.clone(), Copy { what: "the key".into(), text: key }));
    let what = format!("the command, which reads its key from {file} here,");
    shared.effects.push(Effect::Copy(Copy { what, text: Safe::neutral(&command) }));
}
