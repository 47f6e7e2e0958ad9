using Decant.Core;

namespace Decant.Conformance;

/// <summary>What one executor did with all cases.</summary>
internal sealed record ExecutorReport(string Name, int Passed, int Total, IReadOnlyList<CaseFailure> Failures)
{
    public static ExecutorReport Of(string name, Func<Network, IExecutor> make, IReadOnlyList<ConformanceCase> cases)
    {
        CaseFailure[] failures =
        [
            .. cases
                .Select(c => (c.Name, Reason: CaseRunner.Failure(c, make)))
                .Where(r => r.Reason is not null)
                .Select(r => new CaseFailure(r.Name, r.Reason!)),
        ];
        return new ExecutorReport(name, cases.Count - failures.Length, cases.Count, failures);
    }
}
