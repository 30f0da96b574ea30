using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;

namespace Amoe.Engine.Domain.Aggregate;

/// <summary>
/// The state of an aggregate before a decision that may have to be taken back, because it turns out half-way that a
/// passivated claim has to be read first. Copies the student or a claim when an event first changes it, which most
/// decisions never come to.
/// </summary>
internal sealed class Savepoint
{
    private readonly List<Claim> _claims = [];
    private StudentAggregate? _aggregate;
    private Student? _student;
    private OpenClaims _open;
    private PassivatedClaims _passivated;

    public void Begin(StudentAggregate aggregate)
    {
        (_aggregate, _open, _passivated) = (aggregate, aggregate.OpenClaims, aggregate.PassivatedClaims);
        _student = null;
        _claims.Clear();
    }

    /// <summary>Keeps what an event is about to change.</summary>
    /// <param name="claim">The claim; null for an event of the student.</param>
    public void Keep(Claim? claim)
    {
        if (claim is null)
            _student ??= _aggregate!.Copy();
        else if (!_claims.Exists(kept => kept.Number == claim.Number))
            _claims.Add(claim.Copy());
    }

    public void RollBack()
    {
        if (_student is not null)
            _aggregate!.Become(_student);
        foreach (var kept in _claims)
        {
            // One that came during the decision goes again.
            if (_open.Find(kept.Number) is not null)
                _open = _open.With(kept);
        }

        _aggregate!.RollBack(_open, _passivated);
    }
}
