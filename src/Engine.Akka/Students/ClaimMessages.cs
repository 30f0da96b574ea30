using Akka.Actor;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;

namespace Amoe.Engine.Akka.Students;

/// <summary>
/// A claim is to decide. It decides into the conversation's own <see cref="Domain.Decision"/> and looks at its siblings through the student's eyes: student and
/// claims live in one process, and the student does nothing until the claim has answered.
/// </summary>
/// <param name="What">A <see cref="ClaimCommand"/>, a <see cref="CoverageAnswer"/> or a <see cref="CoverageChanged"/>.</param>
internal sealed record Hear(object What, ISiblings Siblings, Decision Decision) : INoSerializationVerificationNeeded;

/// <summary>The claim has decided.</summary>
internal sealed record Said(ulong Claim) : INoSerializationVerificationNeeded;

/// <summary>What was decided of a claim, by itself or by another. Nothing of it is durable yet.</summary>
internal sealed record Evolved(Event[] Events) : INoSerializationVerificationNeeded;

/// <summary>The conversation is over and the student has its record: the claim is to keep its part.</summary>
/// <param name="First">How many events the claim had before these: it takes them once.</param>
/// <param name="Record">A record with the claim's events alone.</param>
internal sealed record Settle(int First, byte[] Record) : INoSerializationVerificationNeeded;

/// <summary>The claim's part is durable.</summary>
internal sealed record Settled(ulong Claim) : INoSerializationVerificationNeeded;
