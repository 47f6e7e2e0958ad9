namespace Decant.Torch;

/// <summary>libtorch refused an operation, or is not there. The message is one line and begins with the operator's name.</summary>
public sealed class TorchException : Exception
{
    /// <summary>An error of <paramref name="operatorName"/>; <paramref name="reason"/> is libtorch's own first line.</summary>
    public TorchException(string operatorName, string reason)
        : base($"{operatorName}: {reason}") => Operator = operatorName;

    /// <summary>The operator that failed, such as <c>aten::conv2d</c>; <c>libtorch</c> when the library could not be loaded.</summary>
    public string Operator { get; }
}
