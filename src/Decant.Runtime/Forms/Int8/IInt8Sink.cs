namespace Decant.Runtime.Forms.Int8;

/// <summary>Takes the exact sums of a panel's outputs for one row.</summary>
internal unsafe interface IInt8Sink
{
    /// <summary>Takes <paramref name="count"/> sums (of room for 16) of the outputs from <paramref name="output"/> on.</summary>
    void Take(int* sums, int row, int output, int count);
}
