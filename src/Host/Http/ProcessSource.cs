using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Amoe.Host.Http;

/// <summary>What tells one life of a process from all others that speak to a cluster.</summary>
internal static class ProcessSource
{
    public static ulong Draw() => BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(sizeof(ulong)));
}
