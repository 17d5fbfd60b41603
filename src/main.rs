//! The `dynaudit` binary: everything is in the library.

fn main() -> std::process::ExitCode {
    dynaudit::cli::run(std::env::args_os())
}
