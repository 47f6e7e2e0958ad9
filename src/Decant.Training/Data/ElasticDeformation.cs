namespace Decant.Training.Data;

/// <summary>Elastic deformation (Simard, Steinkraus, Platt 2003): every pixel moves by a random displacement, uniform in [-1, 1], smoothed by a Gaussian and multiplied by alpha.</summary>
/// <param name="Alpha">The strength, in pixels; 34 with sigma 4 is usual for MNIST.</param>
/// <param name="Sigma">The Gaussian's standard deviation, in pixels.</param>
public sealed record ElasticDeformation(double Alpha, double Sigma);
