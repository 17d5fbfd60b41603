//! Who can read one table, from files: what is not given counts as not read.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::super::args::AccessReaders;
use super::super::fail::Fail;
use super::files;
use super::told::Table;
use crate::access::{Arn, Around, Key, Layer, Source, World};
use crate::readers::{Target, readers};

/// Reads the files and looks for readers.
///
/// # Errors
/// If a file cannot be read, or is something else.
pub fn table(args: &AccessReaders, describe_table: &Path) -> Result<Table, Fail> {
    let described = files::described(describe_table, args.attribute.as_deref())?;
    let Some(arn) = described.arn.as_deref().and_then(Arn::parse) else {
        return Err(Fail::usage(
            "the described table has no TableArn",
            "write it with `aws dynamodb describe-table`",
        ));
    };
    let mut world = World::default();
    for path in &args.account_details {
        files::details(&mut world, path)?;
    }
    if let Some(folder) = &args.org_policies {
        world.organization = Some(files::organization(folder)?);
    }
    let read = |layer, name: &str, path: &Option<PathBuf>| match path {
        Some(path) => files::policy(layer, name, path),
        None => Ok(Arc::new(Source::unread(layer, name, "no file was given"))),
    };
    let (grants, cut) = match &args.grants {
        Some(path) => files::grants(path)?,
        None => (Vec::new(), Some("no file was given".to_owned())),
    };
    let key = match described.key {
        Some(key) => Some(Key {
            arn: Some(key),
            managed_by_aws: false,
            policy: read(Layer::Key, "the key's policy", &args.key_policy)?,
            grants,
            grants_unread: cut,
        }),
        None => None,
    };
    let stream = described.stream.as_deref().and_then(Arn::parse);
    let around = Around {
        resource: Some(read(Layer::Resource, "the table's policy", &args.resource_policy)?),
        stream: match &stream {
            Some(_) => Some(read(Layer::Resource, "the stream's policy", &args.stream_policy)?),
            None => None,
        },
        key,
        ..Around::default()
    };
    let people =
        (!world.accounts.contains_key(&arn.account)).then(|| "no file tells of its account".to_owned());
    let target = Target {
        indexes: described.indexes,
        stream,
        around,
        unread: Vec::new(),
        attribute: args.attribute.clone(),
        table: arn,
    };
    Ok(Table { name: target.table.to_string(), found: readers(&world, &target), people })
}
