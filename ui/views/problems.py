"""What went wrong in the world, what was kept, what to do (context ``Problems``).

The core speaks English; its stable codes are put into the reader's language here. A code without
a sentence falls back on the core's own words, so nothing is ever silent.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from fieldtech.errors import DataError, FieldtechError

translate = QCoreApplication.translate


def sentence_of(error: BaseException) -> str:
    """A failure as a person reads it."""
    if isinstance(error, DataError):
        text = translate(
            "Problems",
            "A file cannot be understood: {file}. It was not changed; put it back from a copy or"
            " tell support.",
        )
        return text.replace("{file}", error.source)
    if isinstance(error, FieldtechError):
        return problem_text(error.code) or error.user_text.replace("\n", " ")
    text = translate("Problems", "Something went wrong inside the program: {error}")
    return text.format(error=type(error).__name__)


def sign_in_text(error: BaseException) -> str:
    """The same at the sign-in, where nothing waits yet and nothing is tried again by itself."""
    own = {
        "unreachable": translate(
            "Problems", "The central cannot be reached. Check its address and this connection."
        ),
        "timeout": translate("Problems", "The central did not answer in time. Try again."),
        "truncated": translate("Problems", "The connection broke off. Try again."),
        "captive_portal": translate(
            "Problems",
            "That is not the central: a wrong address, or this network asks for a sign-in first.",
        ),
        "bad_address": translate(
            "Problems", "That is not the address of a central. It looks like https://…"
        ),
    }
    return own.get(getattr(error, "code", "")) or sentence_of(error)


def problem_text(code: str, fallback: str = "") -> str:
    """The sentence of a code, ``fallback`` for one that has none."""
    found = _network().get(code) or _session().get(code) or _store().get(code)
    return found or fallback


def _network() -> dict[str, str]:
    return {
        "unreachable": translate(
            "Problems",
            "The central cannot be reached. Everything waiting is kept; it is tried again.",
        ),
        "interface_gone": translate(
            "Problems",
            "The network chosen for synchronising is not connected. Everything waiting is kept;"
            " connect it again, or let the system choose.",
        ),
        "timeout": translate(
            "Problems",
            "The central did not answer in time. Everything waiting is kept; it is tried again.",
        ),
        "truncated": translate(
            "Problems", "The connection breaks off. Everything waiting is kept; it is tried again."
        ),
        "cancelled": translate(
            "Problems",
            "You stopped it. Everything waiting is kept; it goes on by itself later, or at once"
            " with “Synchronise now”.",
        ),
        "captive_portal": translate(
            "Problems",
            "Something else answers in the central's place: this network may ask for a sign-in."
            " Open a browser and sign in to the network. Everything waiting is kept.",
        ),
        "busy": translate(
            "Problems", "The central is busy. Everything waiting is kept; it is tried again."
        ),
        "central_failed": translate(
            "Problems", "The central has a fault. Everything waiting is kept; it is tried again."
        ),
        "checksum": translate(
            "Problems", "What was received does not add up; it is loaded again by itself."
        ),
        "too_large": translate(
            "Problems", "The central takes less than is to be sent; work is kept. Tell support."
        ),
        "unsettled": translate(
            "Problems", "The central and this laptop do not agree; work is kept. Tell support."
        ),
        "bad_reply": translate(
            "Problems", "The central answers something this version does not understand."
        ),
        "upgrade_required": translate(
            "Problems",
            "This version is too old for the central. Your work is still sent; update the program.",
        ),
        "bad_address": translate("Problems", "That is not the address of a central."),
        "insecure_address": translate(
            "Problems", "That address is not encrypted. Use the central's https:// address."
        ),
    }


def _session() -> dict[str, str]:
    return {
        "bad_credentials": translate("Problems", "The user or the password is wrong."),
        "throttled": translate("Problems", "Too many attempts. Wait a little and try again."),
        "revoked": translate(
            "Problems", "This laptop was shut out at the central. Your work is kept."
        ),
        "device_revoked": translate(
            "Problems", "This laptop was shut out at the central. Your work is kept."
        ),
        "device_bound": translate(
            "Problems",
            "The central knows this profile under another laptop or user. Sign in on it anew.",
        ),
        "signed_out": translate("Problems", "The session has ended. Sign in again; work is kept."),
        "not_signed_in": translate("Problems", "Nobody has signed in on this profile yet."),
        "secrets_not_kept": translate(
            "Problems", "The keyring did not keep what it was given. Everything is as it was."
        ),
        "too_simple": translate(
            "Problems", "That passphrase is too easy to guess: take three or four unrelated words."
        ),
        "profile_of_another": translate(
            "Problems",
            "This profile belongs to another person or central. Use another profile folder.",
        ),
    }


def _store() -> dict[str, str]:
    return {
        "profile_in_use": translate(
            "Problems", "This profile is already open in another window. Use that one or close it."
        ),
        "key_missing": translate(
            "Problems",
            "The key of this laptop's data is missing. Unlock the keyring; nothing was deleted.",
        ),
        "secret_store_lost": translate(
            "Problems",
            "The file that says where the keys of this laptop's data are (secret-store.json) is"
            " gone. Nothing was deleted and no new key was made. Put it back from a copy; without"
            " one, export the sealed package and give it to your administrator.",
        ),
        "secret_store_differs": translate(
            "Problems",
            "The keys of this laptop's data lie in another place than the program was started for."
            " Nothing was changed; start it as before.",
        ),
        "lock_damaged": translate(
            "Problems",
            "The lock of this laptop's data (lock.json) is damaged, so nothing opens it at present."
            " Nothing was deleted. Put that file back from a copy; without one, export the sealed"
            " package and give it to your administrator.",
        ),
        "lock_required": translate(
            "Problems",
            "Your operator asks for a lock on every laptop: it was not taken off. You can change"
            " it for another one.",
        ),
        "wrong_pin": translate("Problems", "The PIN is wrong."),
        "wrong_passphrase": translate("Problems", "The passphrase is wrong."),
        "too_many_tries": translate(
            "Problems", "Too many wrong tries. Wait a little and try again; your work is safe."
        ),
        "too_short": translate("Problems", "That is too short."),
        "locked": translate("Problems", "This profile is locked. Unlock it first."),
        "file_too_large": translate(
            "Problems", "The file is too large: at most 25 MB. Nothing was attached."
        ),
        "file_unreadable": translate(
            "Problems", "The file cannot be read. Nothing was attached; choose another one."
        ),
        "not_uploaded": translate(
            "Problems",
            "The file is not at the central yet: the laptop that has it must synchronise first.",
        ),
        "unknown_attachment": translate("Problems", "This file is no longer in your scope."),
        "copy_unwritable": translate(
            "Problems", "The copy cannot be written there. Choose another place with more room."
        ),
        "inside_profile": translate(
            "Problems",
            "That is the folder in which the program keeps its data. Choose another one, for"
            " instance on a USB stick.",
        ),
        "file_damaged": translate("Problems", "The file on this laptop is damaged or gone."),
        "store_io": translate(
            "Problems", "The disk does not read or write as it should. Check it and try again."
        ),
        "keyring_unavailable": translate(
            "Problems", "The system's keyring cannot be used. Unlock it and start again."
        ),
        "schema_newer": translate(
            "Problems",
            "A newer version of the program was used here. Update it; data is untouched.",
        ),
        "store_corrupt": translate(
            "Problems",
            "The local data is damaged or its key is another one; nothing was deleted. Start the"
            " program again. If this stays, tell support.",
        ),
        "store_unreadable": translate(
            "Problems", "The local data cannot be opened. Nothing was deleted; tell support."
        ),
        "key_file_unusable": translate(
            "Problems", "The file with this laptop's keys cannot be read or written."
        ),
        "store_closed": translate(
            "Problems", "The profile has been closed. Start the program again."
        ),
        "package_unwritable": translate(
            "Problems",
            "The sealed package cannot be written there. Nothing is lost; choose another place.",
        ),
        "journal_unusable": translate(
            "Problems",
            "The black box cannot be written: the last change was not saved. Check the disk.",
        ),
        "store_busy": translate(
            "Problems", "The data is in use by another program at the moment. Try again."
        ),
        "no_memory": translate(
            "Problems",
            "There is not enough memory to try that. Close other programs and try again; your work"
            " is safe.",
        ),
        "store_read_only": translate("Problems", "The profile folder cannot be written."),
        "disk_full": translate(
            "Problems", "The disk is full: the last change was not saved. Free some space."
        ),
    }
