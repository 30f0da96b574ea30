namespace Amoe.Engine.Vocabulary;

/// <summary>Where care was given: rates of B8 differ between them.</summary>
public enum CareSector : byte
{
    Private = 0,
    Public = 1,
    Abroad = 2,
}
