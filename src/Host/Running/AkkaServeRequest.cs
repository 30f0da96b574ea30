using System.Net;
using Amoe.Engine.Journal;

namespace Amoe.Host.Running;

/// <summary>What a host of an Akka cluster is asked to be.</summary>
/// <param name="Listen">Where the other members reach it.</param>
/// <param name="Health">Where its pages are; null for none.</param>
/// <param name="Seeds">Hosts of the cluster to join; none to begin one.</param>
internal sealed record AkkaServeRequest(JournalAddress Journal, IPEndPoint Listen, IPEndPoint? Health, string[] Seeds);
