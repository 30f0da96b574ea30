using System.Security.Cryptography;
using Amoe.Engine.Domain;

namespace Amoe.Host.Identity;

/// <summary>Reads persons on a pair of connections, for one thread at a time.</summary>
/// <param name="isGone">
/// True of a student who was erased, or is being erased, since the caller looked for the place.
/// </param>
internal sealed class PersonReader(
    PersonFile persons, PersonKeyFile keys, MasterKeyRing ring, Func<StudentId, bool> isGone)
{
    /// <returns>Null when there is no such person.</returns>
    /// <exception cref="VaultException">The key is missing or not at hand, or something is damaged.</exception>
    public Person? Read(int place, StudentId student)
    {
        if (persons.RowAt(place, student) is not { } row)
            return null;
        if (keys.KeyAt(place, student) is not { } key)
        {
            return isGone(student)
                ? null
                : throw new VaultException(
                    $"student {student} cannot be read: keys.db lacks the student's key, and the student was not erased. keys.db is older than vault.db: put the newest copy back.");
        }

        var plain = ring.Unwrap(key);
        var person = Seal.Open(row.Data, student, plain);
        CryptographicOperations.ZeroMemory(plain);
        return person
            ?? throw new VaultException(
                $"student {student} cannot be read: the student's data in vault.db are damaged, or were sealed under another key than the one in keys.db. Put the two files back from backups of one time.");
    }

    /// <summary>Closes the connections.</summary>
    public void Close()
    {
        persons.Dispose();
        keys.Dispose();
    }
}
