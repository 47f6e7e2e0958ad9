namespace Decant.Runtime.Stages;

/// <summary>What an element-wise method computes a row from: y = f(a, b, c, p, q); p and q are the same for all numbers.</summary>
internal unsafe struct RowArguments
{
    public float* A, B, C, Y;
    public int Count;
    public float P, Q;
}
