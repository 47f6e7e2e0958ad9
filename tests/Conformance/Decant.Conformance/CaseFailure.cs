namespace Decant.Conformance;

/// <summary>A case that failed, and why, in one line.</summary>
internal sealed record CaseFailure(string Case, string Reason);
