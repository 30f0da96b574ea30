using System.Security.Cryptography;
using Amoe.Engine.Domain;

namespace Amoe.Host.Identity;

/// <summary>Opens what a store has of a person. It may be called by many threads.</summary>
internal sealed class PersonReader(MasterKeyRing ring, VaultNames names)
{
    /// <exception cref="VaultException">The key is missing or not at hand, or something is damaged.</exception>
    public Person Open(StudentId student, StoredPerson stored)
    {
        var key = stored.Key
            ?? throw new VaultException(
                $"student {student} cannot be read: {names.Keys} lacks the student's key, and the student was not erased. {names.Keys} is older than {names.Persons}: put the newest copy back.");
        var plain = ring.Unwrap(key);
        var person = Seal.Open(stored.Data, student, plain);
        CryptographicOperations.ZeroMemory(plain);
        return person
            ?? throw new VaultException(
                $"student {student} cannot be read: the student's data in {names.Persons} are damaged, or were sealed under another key than the one in {names.Keys}. Put the two back from backups of one time.");
    }
}
