import {
  Injectable,
  UnsupportedMediaTypeException,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { isForm } from './form.js';
import type { LoginRequest } from './interaction.guard.js';

/** Forms only: what the app's JSON parser left on a request is none. */
@Injectable()
export class FormGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { headers } = context.switchToHttp().getRequest<LoginRequest>();
    if (!isForm(headers)) throw new UnsupportedMediaTypeException();
    return true;
  }
}
